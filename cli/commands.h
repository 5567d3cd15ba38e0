// The commands of the program, one file each.
#pragma once

#include "cli/invocation.h"

namespace weir {

Exit run_validate(const Invocation& invocation);
Exit run_fmt(const Invocation& invocation);
Exit run_plan(const Invocation& invocation);
Exit run_apply(const Invocation& invocation);
Exit run_destroy(const Invocation& invocation);
Exit run_up(const Invocation& invocation);
Exit run_down(const Invocation& invocation);
Exit run_renew(const Invocation& invocation);
Exit run_reset(const Invocation& invocation);
Exit run_restore(const Invocation& invocation);
Exit run_rollback(const Invocation& invocation);
Exit run_state(const Invocation& invocation);
Exit run_drift(const Invocation& invocation);
Exit run_show(const Invocation& invocation);
Exit run_graph(const Invocation& invocation);
Exit run_output(const Invocation& invocation);
Exit run_env(const Invocation& invocation);
Exit run_credential(const Invocation& invocation);
Exit run_psql(const Invocation& invocation);
Exit run_doctor(const Invocation& invocation);
Exit run_export(const Invocation& invocation);
Exit run_convert(const Invocation& invocation);
Exit run_print(const Invocation& invocation);
Exit run_explain(const Invocation& invocation);
Exit run_schema(const Invocation& invocation);
Exit run_completion(const Invocation& invocation);
Exit run_version(const Invocation& invocation);
Exit run_help(const Invocation& invocation);

}  // namespace weir
