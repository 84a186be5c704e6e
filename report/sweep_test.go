package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestASweepOverOneKeyHasCurves(t *testing.T) {
	dir := sweep(t, "five-traders", false, []string{"discount_rate=log:0.1:10:5"})
	text, names := page(t, dir)
	contains(t, text, "5 points")
	contains(t, text, "welfare</bdi></b>")
	assert.Equal(t, 1+1+1+1+1+3, names["svg"], "total welfare, speed, welfare, P, Q, three impacts: a curve for each agent in it")
	contains(t, text, ">0.316<", "an axis with equal ratios is marked at its values")
	text = text[strings.Index(text, `id="table"`):strings.Index(text, `id="provenance"`)]
	pieces := strings.Split(text, "</table>")[:5]
	for _, piece := range pieces { // of the 33 results, no more in one table than a sheet of paper has room for
		assert.Equal(t, 1+5, strings.Count(piece, "<tr>"), "a head and five points")
		assert.LessOrEqual(t, strings.Count(piece, `scope="col"`), 1+8)
	}
	contains(t, text, "A row for each point (5 of 5)")
	contains(t, pieces[4], "residual")
	lacks(t, pieces[3], "residual")
}

func TestASimulatedSweepShowsEstimatesOnTheory(t *testing.T) {
	text, names := page(t, sweep(t, "five-traders", true, []string{"clock.step=0.25,0.5"}, "clock.horizon=2"))
	contains(t, text, "Dots are estimates with two standard errors, lines theory.")
	contains(t, text, "largest |z|")
	assert.NotZero(t, names["svg"])
}

func TestASweepOverTwoKeysHasMaps(t *testing.T) {
	dir := sweep(t, "liquidity-surface", false, nil)
	text, names := page(t, dir)
	assert.Equal(t, 6, names["svg"])
	first := text[strings.Index(text, "<svg"):]
	contains(t, first[:strings.Index(first, "</svg>")], "<title id=\"sweep-1-title\">order.average impact")
	contains(t, first[:strings.Index(first, "</svg>")], ">9.15<", "the cell of Figure 4c at 7 % within an hour")
	contains(t, text, `<image preserveAspectRatio="none"`, "the scale of colours fills its place")
}

// TestFewPointsStandSideBySide: stealth beside sunshine, a row for each number.
func TestFewPointsStandSideBySide(t *testing.T) {
	text, _ := page(t, sweep(t, "sunshine-or-stealth", false, nil))
	text = text[strings.Index(text, `id="table"`):]
	contains(t, text, `<thead><tr><th scope="col"><bdi>agents.fund.disclosure</bdi></th><th scope="col" class="n"><bdi>sunshine</bdi></th><th scope="col" class="n"><bdi>stealth</bdi></th></tr></thead>`)
	contains(t, text, `<tr><th scope="row"><bdi>order.proceeds</bdi></th><td class="n"><bdi>0.439873</bdi></td><td class="n"><bdi>0.435403</bdi></td></tr>`)
}

func TestWordsAndPointsWithoutResult(t *testing.T) {
	text, _ := page(t, sweep(t, "large-order", false, []string{"solution=published,open_loop,feedback", "agents.fund.size=10000:40000:3"}, "agents.fund.rate=null"))
	contains(t, text, "solution = open_loop")
	text, _ = page(t, sweep(t, "five-traders", false, []string{"clock.step=0.1,4"}, "clock.policy=continuous", "clock.horizon=20"))
	contains(t, text, "1 without a result")
	contains(t, text, "unstable")
}

// TestASweepOfFailuresHasFailed, as its command says by its status.
func TestASweepOfFailuresHasFailed(t *testing.T) {
	text, _ := page(t, sweep(t, "five-traders", false, []string{"clock.step=4,5"}, "clock.policy=continuous", "clock.horizon=20"))
	contains(t, text, `<p class="verdict bad">2 points, 2 without a result: FAILED</p>`)
	text, _ = page(t, sweep(t, "five-traders", false, []string{"clock.step=0.1,4"}, "clock.policy=continuous", "clock.horizon=20"))
	contains(t, text, `<p class="verdict good">2 points, 1 without a result</p>`)
}

func TestThreeKeysHaveATable(t *testing.T) {
	text, names := page(t, sweep(t, "five-traders", false, []string{"discount_rate=1,2", "clock.step=0.25,0.5", "agents.t1.holding_cost=1,2"}))
	assert.Zero(t, names["svg"])
	contains(t, text, "has no picture")
}
