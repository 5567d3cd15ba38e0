// From answers to documents, or to errors that say what was asked, where, why it failed, and what
// to do.
#pragma once

#include <optional>
#include <string>

#include "core/document.h"
#include "core/error.h"
#include "core/units.h"
#include "providers/http/message.h"

namespace weir::http {

/// What was asked, and as whom.
struct Call {
  std::string method = "GET";
  std::string path = {};   ///< without the query
  std::string host = {};   ///< "https://example.cloud.databricks.com"
  std::string login = {};  ///< "pat (token from DATABRICKS_TOKEN)"; empty when none is needed
  int attempts = 1;
  std::optional<Duration> asked_wait = {};  ///< longer than weir waits
};

/// "GET /api/2.0/postgres/projects at https://example.cloud.databricks.com".
std::string words_of(const Call& call);

/// The body of a success. Throws ApiError for everything else: no answer, a status that is no
/// success, a body that is not JSON or too deep.
Document read_answer(const Call& call, const Answer& answer);

}  // namespace weir::http
