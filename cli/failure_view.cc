#include "cli/failure_view.h"

#include <fmt/format.h>

#include "cli/diagnostic_view.h"
#include "cli/json_view.h"
#include "cli/markdown_view.h"

namespace weir {

std::string mistakes_in(const std::string& format, const std::vector<Diagnostic>& diagnostics,
                        const Sources& sources, Instant now) {
  if (format == "json") return pretty(diagnostics_document(diagnostics, sources));
  if (format == "markdown") {
    return failure_markdown(diagnostics_summary(diagnostics),
                            diagnostics_text(diagnostics, sources, Terminal{}), kLongestComment);
  }
  std::string lines;
  if (format != "json-lines") return lines;
  const Document all = diagnostics_document(diagnostics, sources);
  for (const Document& diagnostic : all.at("diagnostics")) {
    lines += event_line("diagnostic", now, diagnostic);
  }
  return lines;
}

std::string failure_in(const std::string& format, const std::string& message, Instant now) {
  if (format == "json") {
    return pretty({{"format_version", std::string(kFormatVersion)}, {"error", message}});
  }
  if (format == "json-lines") {
    return event_line("diagnostic", now, {{"severity", "error"}, {"message", message}});
  }
  if (format == "markdown") return failure_markdown("weir failed", message + "\n", kLongestComment);
  return "";
}

}  // namespace weir
