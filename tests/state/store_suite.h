// What every store must do; each kind of store instantiates it.
#pragma once

#include <gtest/gtest.h>

#include "tests/state/place.h"

namespace weir::test {

class StoreSuite : public testing::TestWithParam<MakePlace> {
 protected:
  std::unique_ptr<Place> place_ = GetParam()();
};

}  // namespace weir::test
