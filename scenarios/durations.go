package scenarios

// RandomDuration is the law of the time that an order takes, one draw for a path.
type RandomDuration struct {
	Mean    float64    // E[D] > 0, time, of a mixture, too
	Stages  int        // k ≥ 1 of an Erlang law: the sum of so many exponential times of mean Mean/k; 1: exponential; 0 of a mixture
	Mixture []Weighted // of a hyperexponential law; nil: an Erlang law
}

// Weighted is an exponential time with this mean, which is drawn with this
// probability.
type Weighted struct{ Weight, Mean float64 }

// Exponential tells whether the law has no memory, so that an order that has not
// ended yet is as good as new.
func (d *RandomDuration) Exponential() bool { return d.Mixture == nil && d.Stages == 1 }
