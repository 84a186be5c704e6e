package lyapunov_test

import _ "walras/internal/fixeddraws"
