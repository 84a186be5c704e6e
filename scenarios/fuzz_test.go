package scenarios

import (
	"errors"
	"strings"
	"testing"
)

// judgeAnswer checks what holds of every answer of Load.
func judgeAnswer(t *testing.T, s *Scenario, err error) {
	if (s == nil) == (err == nil) {
		t.Fatalf("scenario %v with error %v", s, err)
	}
	if err != nil {
		var p Problems
		if !errors.As(err, &p) || len(p) == 0 {
			t.Fatalf("%T is not Problems", err)
		}
		for _, q := range p {
			if q.Message == "" || q.File == "" || strings.ContainsFunc(q.String(), hidden) {
				t.Fatalf("%+v", q)
			}
		}
		return
	}
	again, err := loadText(string(s.Canonical()))
	if err != nil {
		t.Fatalf("%v\n%s", err, s.Canonical())
	}
	if string(again.Canonical()) != string(s.Canonical()) {
		t.Fatalf("%s\n%s", s.Canonical(), again.Canonical())
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range builtinNames() {
		text, _ := Source(name)
		f.Add(string(text))
	}
	f.Add(valid + "shocks: {correlation: [[1, 0.2, 0], [0.2, 1, 0], [0, 0, 1]]}\nrecord: {every: 2}\nunits: {time: day}")
	f.Add(valid + "shocks: {covariance: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], kind: none}")
	f.Add(valid + "sweep: [{key: agents.a.count, from: 1, to: 3, points: 3, scale: log}, {key: title, values: [a, b]}]")
	f.Add("extends: symmetric\nagents: [{name: buyer, count: 3, volatility: null}]\n")
	f.Add(poisson)
	f.Add(poisson + "sweep: [{key: agents.fund.disclosure, values: [sunshine, stealth]}, {key: agents.crowd.arrivals.rate, from: 1, to: 2, points: 3}]")
	f.Add("extends: merger\nagents: [{name: x, arrivals: {buy_rate: 2, sell_rate: 3, size: 1}, duration: {hyperexponential: [{weight: 0.5, mean: 1}, {weight: 0.5, mean: 3}]}}]")
	f.Add(bomb(8))
	f.Add("a: &a [*a, *a]")
	f.Add("\"\\ud83d\": !!int 3\n? [x]\n: !!binary aGk=\n<<: {a: 1}\n--- x")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := loadText(text)
		judgeAnswer(t, s, err)
	})
}

func FuzzSet(f *testing.F) {
	for _, set := range []string{"discount_rate=0.5", "agents.a.holding_cost=2", `agents."b".count=null`, "agents='x'", "shocks.correlation=[[1,0.2],[0.2,1]]",
		"agents=[{name: x, kind: trader, holding_cost: 1, count: 3}]", "sweep=[{key: clock.step, values: [1, 0.5]}]", "=", "a..b=1", "clock={step: 1,", "title=\"\\u0007\"", "é.\xff=1", "extends=five-traders"} {
		f.Add(set, "monte_carlo.paths=1e3")
	}
	for _, set := range []string{"agents.fund.duration={erlang: 3, mean: 2}", "agents.fund.duration.erlang=2", "agents.crowd.arrivals.buy_rate=2", "agents.fund.disclosure=sunshine",
		"agents.fund.duration={hyperexponential: [{weight: 0.5, mean: 1}, {weight: 0.5, mean: 3}]}", "clock.policy=discrete", "agents.crowd.activity=1"} {
		f.Add(set, "agents.fund.rate=null")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		for _, text := range []string{valid, poisson} {
			s, err := loadText(text, first, second)
			judgeAnswer(t, s, err)
		}
	})
}
