// Package panes shows a run: each pane takes an inspector.State and puts one side
// of it on screen. Inspector holds the verdict and the views, Console what the
// guest wrote. What a pane cannot do itself, such as opening a page, it is given
// as a function.
package panes
