package papers

import (
	"context"
	"testing"
)

func TestShow(t *testing.T) {
	list, err := Check(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Verdict != Pass || e.Kind != Number {
			t.Logf("%s|%s|%s|%s|%v|%v ± %v|%v %s", e.Source, e.Place, e.What, e.Printed, e.Computed, e.Simulated, e.StdError, e.Verdict, e.Erratum)
		}
	}
	t.Log(len(list), Counts(list))
}
