package equilibrium_test

import _ "walras/internal/fixeddraws"
