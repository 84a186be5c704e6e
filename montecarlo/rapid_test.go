package montecarlo_test

import _ "walras/internal/fixeddraws"
