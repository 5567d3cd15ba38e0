// What every store must do; each kind of store instantiates it.
#pragma once

#include <gtest/gtest.h>

#include "tests/state/place.h"

namespace weir::test {

class StoreSuite : public testing::TestWithParam<KindOfPlace> {
 protected:
  std::unique_ptr<Place> place_ = GetParam().make();
};

}  // namespace weir::test
