package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"

	"walras/internal/picture"
)

// page is all that the template shows.
type page struct {
	Title, Name string
	Lead        string // what it is a report of
	Failed      bool
	Verdict     string
	Parts       []part
	Style       template.CSS
	Policy      string // of security: nothing but this style and what is in the page
}

// part is a section: text, tables, figures, and what is folded away, in this order.
type part struct {
	ID, Title string
	Text      []string
	Tables    []table
	Figures   []drawn
	Folds     []fold
	Code      []code
}

// fold is a part that is closed until the reader opens it.
type fold struct {
	Summary string
	Failed  bool
	Text    string
	Tables  []table
	Figures []drawn
	Code    string
}

// code is a text to copy.
type code struct{ Words, Text string }

// table has a head, or only rows, the first cell of which is their name.
type table struct {
	Caption string
	Head    []cell
	Rows    [][]cell
	More    string // what is left out
}

// cell is a text, or a number, which stands on the right.
type cell struct {
	Text   string
	Number bool
	Failed bool
}

func num(text string) cell { return cell{Text: text, Number: true} }

// heads are names of columns: the first on the left, numbers on the right.
func heads(first string, numbers ...string) []cell {
	list := []cell{{Text: first}}
	for _, name := range numbers {
		list = append(list, num(name))
	}
	return list
}

// drawn is a figure as the page shows it.
type drawn struct {
	Title, Words, Name string
	SVG                template.HTML
}

//go:embed page.html
var markup string

//go:embed page.css
var style string

var layout = template.Must(template.New("page").Parse(markup))

// render writes the page.
func (p *page) render() ([]byte, error) {
	css := style + picture.Rules
	sum := sha256.Sum256([]byte(css))
	p.Style = template.CSS(css)
	p.Policy = "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	var b bytes.Buffer
	err := layout.Execute(&b, p)
	return b.Bytes(), err
}
