// Package chart is the memory chart: used, external, committed and process
// memory against the limit, with the garbage collections, as a Fyne widget.
package chart

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/vector"

	"sealedroom/ui/theme"
)

// Point is one reading, in bytes. V8 is false where only Process is known;
// Committed and Process are 0 where they are not.
type Point struct {
	At                        time.Duration
	V8                        bool
	Used, Committed, External float64
	Process                   float64
}

// Mark is a garbage collection, or Count of a kind: a tick for a scavenge, a
// diamond for all others.
type Mark struct {
	At, Took      time.Duration
	Kind          string
	Major         bool
	Count         int
	Before, After float64 // bytes
}

// Data is what the chart shows. Points and Marks are in the order of time.
type Data struct {
	Points []Point
	Marks  []Mark
	Limit  float64       // bytes
	Until  time.Duration // the right end of the time axis
	Base   float64       // the process's size when the guest came: its growth starts there
}

// Scale is how far up the chart goes.
type Scale int

// The scales.
const (
	Auto    Scale = iota // to the data where that is far below the limit, else to the limit
	ToLimit              // so that the limit is in sight
	ToData               // so that the data fills the chart
)

// farBelow is the part of the limit under which Auto fits the data.
const farBelow = 0.2

// Chart is the widget. Set gives it data.
type Chart struct {
	widget.BaseWidget
	// Small leaves out the legend, for charts that stand side by side.
	Small bool
	data  Data
	scale Scale
	// Of the run that is shown: the highest of V8's own account, and how far the
	// process grew.
	peak, growth float64
	top          float64 // of the axis, in bytes
	raster       *canvas.Raster
	image        *image.RGBA
	ink          vector.Rasterizer
	words        words
	hover        hover
}

// New makes an empty chart.
func New() *Chart {
	c := &Chart{words: newWords(), hover: newHover()}
	c.raster = canvas.NewRaster(c.draw)
	c.ExtendBaseWidget(c)
	return c
}

// Set draws data; fresh says that it is of another run than before. Call it on
// the main thread.
func (c *Chart) Set(data Data, fresh bool) {
	if fresh {
		c.peak, c.growth = 0, 0
	}
	c.data = data
	for _, p := range data.Points {
		if p.V8 {
			c.peak = max(c.peak, p.Used+p.External, p.Committed)
		}
		if p.Process > 0 {
			c.growth = max(c.growth, p.Process-data.Base)
		}
	}
	c.Refresh()
}

// SetScale chooses how far up the chart goes, until it is called again.
func (c *Chart) SetScale(scale Scale) {
	c.scale = scale
	c.Refresh()
}

// Fits says whether the axis ends with the data, and not with the limit.
func (c *Chart) Fits() bool {
	return c.scale == ToData || c.scale == Auto && c.peak > 0 && c.peak < farBelow*c.data.Limit
}

// rescale finds the top of the axis. Growth of the process that would press the
// guest's own memory flat is clamped, and the legend says so.
func (c *Chart) rescale() {
	if c.Fits() {
		high := c.peak
		if c.growth <= 2*c.peak {
			high = max(high, c.growth)
		}
		c.top = max(1.12*high, 64<<10)
		return
	}
	c.top = max(1.12*c.data.Limit, 1.05*c.peak)
}

// clamped says that the process grew beyond the top of the axis.
func (c *Chart) clamped() bool { return c.growth > c.top }

// What is kept free around the plot, before scaling. Above it is the legend, and
// below it the collections have a lane of their own.
const (
	marginLeft, marginRight, marginBottom = 58, 12, 20
	laneHeight, laneGap                   = 11, 2
	marginLegend                          = 12
	minPlot                               = 44 // how high the plot is at least
)

// area is where the plot stands in the widget.
type area struct{ left, right, top, bottom float32 }

func (c *Chart) area() area {
	size := c.Size()
	return area{
		left: theme.Scaled(marginLeft), right: size.Width - theme.Scaled(marginRight),
		top: c.words.legendHeight, bottom: size.Height - theme.Scaled(marginBottom+laneHeight+laneGap),
	}
}

// x is where a moment is.
func (a area) x(at, until time.Duration) float32 {
	until = max(until, minSpan)
	return a.left + (a.right-a.left)*float32(min(1, at.Seconds()/until.Seconds()))
}

// y is where an amount of bytes is drawn, on an axis to top.
func (a area) y(bytes, top float64) float32 {
	if top <= 0 {
		return a.bottom
	}
	return a.bottom - (a.bottom-a.top)*float32(max(0, min(1, bytes/top)))
}

// MinSize implements fyne.Widget.
func (c *Chart) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return fyne.NewSize(120, max(theme.Scaled(c.least()), c.words.legendHeight+theme.Scaled(minPlot+marginBottom+laneHeight+laneGap)))
}

// least is how high the chart is at least, before scaling.
func (c *Chart) least() float32 {
	if c.Small {
		return 60
	}
	return 110
}

// CreateRenderer implements fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer { return &renderer{c} }

type renderer struct{ c *Chart }

func (r *renderer) Destroy()           {}
func (r *renderer) MinSize() fyne.Size { return r.c.MinSize() }

func (r *renderer) Objects() []fyne.CanvasObject {
	objects := append([]fyne.CanvasObject{r.c.raster}, r.c.words.objects()...)
	return append(objects, r.c.hover.objects()...)
}

func (r *renderer) Layout(size fyne.Size) {
	c := r.c
	c.raster.Resize(size)
	c.rescale()
	c.words.layout(c, size)
	c.hover.show(c)
}

func (r *renderer) Refresh() {
	r.Layout(r.c.Size())
	r.c.raster.Refresh()
}
