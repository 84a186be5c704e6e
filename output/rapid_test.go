package output_test

import _ "walras/internal/fixeddraws"
