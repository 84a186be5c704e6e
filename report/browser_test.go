package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/report"
)

// browser finds a headless Chromium. Without one the test is skipped, unless
// WALRAS_BROWSER=required says that there must be one.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("WALRAS_BROWSER") == "required" {
		t.Fatal("WALRAS_BROWSER=required, and there is no chromium")
	}
	t.Skip("there is no chromium")
	return ""
}

// frame is what the checking page has measured of a report at one width.
type frame struct {
	Page      string
	Width     int
	Scroll    int // scrollWidth of the page, details opened
	Client    int // clientWidth
	Resources []string
	Pictures  int
	Thin      int // pictures that take no room
	Sideways  int // tables that scroll in their container
	Ink       string
}

// checker shows every page at every width in frames, opens what is folded, and
// writes what it has measured into its own body.
const checker = `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
const wait = %s.flatMap(p => [360, 390, 1280].map(w => new Promise(done => {
  const f = document.createElement("iframe");
  f.style.cssText = "border:0;height:900px;width:" + w + "px";
  f.onload = () => {
    const d = f.contentDocument, s = d.scrollingElement;
    d.querySelectorAll("details").forEach(e => e.open = true);
    const svgs = [...d.querySelectorAll("svg")];
    done({Page: p, Width: w, Scroll: s.scrollWidth, Client: s.clientWidth,
      Resources: f.contentWindow.performance.getEntriesByType("resource").map(e => e.name),
      Pictures: svgs.length, Thin: svgs.filter(e => e.getBoundingClientRect().height < 100).length,
      Sideways: [...d.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth).length,
      Ink: f.contentWindow.getComputedStyle(d.body).color});
  };
  f.src = p;
  document.body.append(f);
})));
Promise.all(wait).then(all => { const pre = document.createElement("pre"); pre.textContent = "measured " + JSON.stringify(all) + " end"; document.body.replaceChildren(pre) });
</script>`

var measured = regexp.MustCompile(`(?s)measured (.*) end</pre>`)

// show opens reports in a browser, and returns what it measured, what the console
// said, and what was asked of the server.
func show(t *testing.T, pages map[string][]byte, flags ...string) (frames []frame, console []string, requests []string) {
	t.Helper()
	var names []string
	for name := range pages {
		names = append(names, name)
	}
	list, err := json.Marshal(names)
	require.NoError(t, err)
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests = append(requests, r.URL.Path)
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if page, ok := pages[r.URL.Path]; ok {
			_, _ = w.Write(page)
		} else {
			fmt.Fprintf(w, checker, list)
		}
	}))
	defer server.Close()
	args := append([]string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--user-data-dir=" + t.TempDir(), "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom"}, flags...)
	command := exec.CommandContext(t.Context(), browser(t), append(args, server.URL+"/")...)
	command.WaitDelay = time.Second
	var stderr bytes.Buffer
	command.Stderr = &stderr
	dom, err := command.Output()
	require.NoError(t, err, stderr.String())
	for _, line := range strings.Split(stderr.String(), "\n") {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, line)
		}
	}
	found := measured.FindSubmatch(dom)
	require.NotNil(t, found, "the checking page has not come to its end: %.2000s", dom)
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &frames))
	return frames, console, requests
}

func TestReportsInABrowser(t *testing.T) {
	browser(t)
	long := strings.Repeat("Donaudampfschiff", 6)
	pages := make(map[string][]byte)
	for name, dir := range map[string]string{
		"/auction":     play(t, "five-traders", "units={time: day, money: EUR, asset: lot}"),
		"/makers":      play(t, "large-order", "record.every=10"),
		"/impact":      play(t, "price-impact", "record.every=4", "monte_carlo.paths=4"),
		"/liquidation": play(t, "almgren-chriss"),
		"/long":        play(t, "five-traders", "title="+long, "agents.t1.name="+long, "clock.horizon=1"),
		"/markup":      play(t, "five-traders", "title='"+strings.ReplaceAll(nasty, "'", "''")+"'", "clock.horizon=1"),
		"/surface":     sweep(t, "liquidity-surface", false, nil),
		"/curves":      sweep(t, "five-traders", true, []string{"discount_rate=0.5,1,2"}, "clock.horizon=2"),
	} {
		text, _, err := report.Make(dir)
		require.NoError(t, err)
		pages[name] = text
	}
	frames, console, requests := show(t, pages)
	assert.Empty(t, console)
	assert.Len(t, frames, 3*len(pages))
	for _, path := range requests {
		assert.True(t, path == "/" || pages[path] != nil, "the browser asked for %s", path)
	}
	for _, f := range frames {
		assert.LessOrEqual(t, f.Scroll, f.Client, "%s scrolls sideways at %d pixels", f.Page, f.Width)
		assert.Empty(t, f.Resources, "%s at %d", f.Page, f.Width)
		assert.NotZero(t, f.Pictures, f.Page)
		assert.Zero(t, f.Thin, "pictures of %s at %d", f.Page, f.Width)
		assert.Equal(t, "rgb(29, 33, 37)", f.Ink, "the page's own style is in force")
		if f.Page == "/surface" && f.Width == 360 {
			assert.NotZero(t, f.Sideways, "wide tables scroll in their container")
		}
	}
}

// TestReportsInTheDark and that the checks of the test above can fail.
func TestReportsInTheDark(t *testing.T) {
	browser(t)
	text, _, err := report.Make(play(t, "five-traders", "clock.horizon=1"))
	require.NoError(t, err)
	bad := bytes.Replace(text, []byte("<main>"), []byte(`<main><p style="color:red">x</p><script>y</script><img src="/elsewhere.png"/><table><tr><td class="n">`+strings.Repeat("wide ", 400)+`</td></tr></table>`), 1)
	frames, console, _ := show(t, map[string][]byte{"/good": text, "/bad": bad}, "--blink-settings=preferredColorScheme=0")
	wide := 0
	for _, f := range frames {
		if f.Page == "/good" {
			assert.Equal(t, "rgb(230, 232, 234)", f.Ink)
			assert.LessOrEqual(t, f.Scroll, f.Client)
		} else if f.Scroll > f.Client {
			wide++
		}
	}
	assert.NotZero(t, wide)
	assert.NotEmpty(t, console, "the page's policy refuses styles, scripts and images from elsewhere")
}
