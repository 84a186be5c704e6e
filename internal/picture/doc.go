// Package picture draws in one style: plots of gonum/plot as SVG with text as
// text, and as PNG.
//
// Colours are those of Okabe and Ito for what must be told apart, and cividis for
// amounts: both are safe for colour-blind readers. Lines, text and axes have
// classes besides their colours, so that a page, or the file itself, can show them
// light on dark. What is drawn depends on the arguments alone.
package picture
