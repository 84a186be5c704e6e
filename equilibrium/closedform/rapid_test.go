package closedform_test

import _ "walras/internal/fixeddraws"
