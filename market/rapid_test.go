package market_test

import _ "walras/internal/fixeddraws"
