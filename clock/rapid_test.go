package clock_test

import _ "walras/internal/fixeddraws"
