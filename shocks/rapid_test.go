package shocks_test

import _ "walras/internal/fixeddraws"
