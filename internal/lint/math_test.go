package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Formulas stand in ```math blocks and between dollars. What is checked are the
// ways in which the viewer of GitHub, and Markdown before it, are known to spoil
// them; LaTeX itself is not understood here.

// refused are commands that GitHub does not allow in formulas.
var refused = []string{`\operatorname`, `\newcommand`, `\renewcommand`, `\def`, `\require`, `\href`, `\class`, `\style`, `\unicode`}

var (
	texCommand  = regexp.MustCompile(`\\[a-zA-Z]+`)
	environment = regexp.MustCompile(`\\(begin|end)\{([a-z*]+)\}`)
	// What Markdown takes for its own inside a line: an escaped mark, emphasis by a
	// star or by an underscore after a mark, a tag, the end of a cell.
	spoilt = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|\*|[^\pL\pN]_|<[a-zA-Z/]|\|`)
)

// badMath finds formulas that would not be shown as they are meant.
func badMath(p *page) (found []string) {
	for i := 0; i < len(p.lines); i++ {
		if l := p.lines[i]; l.fence != "math " {
			found = append(found, badInline(p, i)...)
			continue
		}
		from, text := i, ""
		for ; i < len(p.lines) && p.lines[i].fence == "math "; i++ {
			if strings.TrimSpace(p.lines[i].text) == "" {
				found = append(found, p.at(i)+": an empty line in a formula")
			}
			text += p.lines[i].text + "\n"
		}
		if fault := faultOf(text); fault != "" {
			found = append(found, p.at(from)+": "+fault)
		}
		if strings.Contains(text, "$") {
			found = append(found, p.at(from)+": a dollar in a formula")
		}
		i--
	}
	return found
}

// badInline finds faults of the formulas between dollars in a line. Pages that have
// none may speak of dollars as they like.
func badInline(p *page, i int) (found []string) {
	if !p.mathematical() {
		return nil
	}
	parts := strings.Split(p.lines[i].prose(), "$")
	if len(parts)%2 == 0 {
		return []string{p.at(i) + ": a dollar without its pair"}
	}
	for j := 1; j < len(parts); j += 2 {
		text := parts[j]
		before, _ := utf8.DecodeLastRuneInString(parts[j-1])
		after, _ := utf8.DecodeRuneInString(parts[j+1])
		switch {
		case text == "" || strings.TrimSpace(text) != text:
			found = append(found, fmt.Sprintf("%s: $%s$ is empty or begins or ends with a space", p.at(i), text))
		case parts[j-1] != "" && !unicode.IsSpace(before) && !strings.ContainsRune("([", before):
			found = append(found, fmt.Sprintf("%s: $%s$ follows %q", p.at(i), text, before))
		case parts[j+1] != "" && !unicode.IsSpace(after) && !strings.ContainsRune(".,;:)]?!", after):
			found = append(found, fmt.Sprintf("%s: $%s$ is followed by %q", p.at(i), text, after))
		case spoilt.MatchString(text):
			found = append(found, fmt.Sprintf("%s: Markdown would read %q of $%s$", p.at(i), spoilt.FindString(text), text))
		default:
			if fault := faultOf(text); fault != "" {
				found = append(found, fmt.Sprintf("%s: $%s$: %s", p.at(i), text, fault))
			}
		}
	}
	return found
}

// mathematical tells pages with formulas.
func (p *page) mathematical() bool {
	return slices.ContainsFunc(p.lines, func(l line) bool { return l.fence == "math " })
}

// faultOf looks for pairs that are none, and refused commands.
func faultOf(text string) string {
	for _, c := range texCommand.FindAllString(text, -1) {
		if slices.Contains(refused, c) {
			return c + " is not allowed by GitHub"
		}
	}
	depth := 0
	plain := strings.NewReplacer(`\\`, "", `\{`, "", `\}`, "").Replace(text)
	for _, r := range plain {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth < 0 {
			return "a brace is closed that is not open"
		}
	}
	if depth > 0 {
		return "a brace is not closed"
	}
	words := texCommand.FindAllString(plain, -1)
	count := func(word string) (n int) {
		for _, w := range words {
			if w == word {
				n++
			}
		}
		return n
	}
	if count(`\left`) != count(`\right`) {
		return `\left and \right are not pairs`
	}
	var open []string
	for _, m := range environment.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] == "begin":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			return "the end of " + m[2] + " has no beginning"
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return open[0] + " has no end"
	}
	return ""
}

func TestFormulasAreShown(t *testing.T) {
	block := "```math\nx\n```\n"
	for _, bad := range []string{
		"$a", "$ a$", "x$a$", "$a$x", `$a\,b$`, "$a*b$", "$X^+_k$", "$a<b$", "$|a|$", "${a$", `$\left( a$`, `$\operatorname{tr}$`,
	} {
		fails(t, badMath, "docs/x.md", block+bad, 1)
	}
	for _, bad := range []string{"x\n\ny", "$x$", `\begin{aligned} x`, `\begin{a} \end{b}`, "{", "}", `\left(`} {
		fails(t, badMath, "docs/x.md", "```math\n"+bad+"\n```\n", 1)
	}
	fails(t, badMath, "docs/x.md", block+"$a_i$, ($b$) and $P^{T} Q_{ij}$. `$x` costs\n    $ sim run\n```\n$ x\n```\n", 0)
	fails(t, badMath, "docs/x.md", "costs $5\n", 0)
	write(t, badMath)
}
