// Whether a plan that came from a file asks for what it shows, and for nothing else.
#pragma once

#include <string>

#include "planner/plan.h"

namespace weir {

/// What a step would send beyond its changes, "its request is PATCH /somewhere/else"; "" when
/// nothing. The request is made anew from kind, name and changes; a seal without a key keeps nobody
/// from writing another one.
std::string forgery_in(const Step& step);
/// The same, and predictions of what could have been seen: nobody compares those with what is
/// found.
std::string forgery_in(const Plan& plan, const Step& step);

}  // namespace weir
