package scenarios_test

import _ "walras/internal/fixeddraws"
