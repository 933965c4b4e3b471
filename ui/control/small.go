package control

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewSmallLink is a word in a caption that does something.
func NewSmallLink(say string, do func()) *Link {
	link := NewLink(say, do)
	link.SizeName = fynetheme.SizeNameCaptionText
	return link
}

// NewTool is a small button of a pane's head.
func NewTool(icon fyne.Resource, do func()) *Button {
	b := NewIconButton("", icon, do)
	b.Importance = widget.LowImportance
	return b
}

// NewText is a text of ours that wraps.
func NewText(importance widget.Importance) *widget.Label {
	label := widget.NewLabel("")
	label.Wrapping, label.Importance = fyne.TextWrapWord, importance
	return label
}
