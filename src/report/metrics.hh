// What Prometheus is told of passes: the text, and its way to a Pushgateway.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.hh"
#include "report/pass_record.hh"

namespace connector::report {

/// All metrics of a pass in Prometheus' text format (version 0.0.4), each with HELP and TYPE, in base units,
/// without time stamps, ended by a line end. `succeeded` is when the last successful pass ended. What is not
/// known is left out.
std::string metrics_text(const PassRecord& pass, std::string_view version,
                         std::optional<Timestamp> succeeded);

/// When the last pass succeeded, by this one or by the metrics that were written before it; nothing when
/// neither knows.
std::optional<Timestamp> last_success_of(const PassRecord& pass, std::string_view earlier_metrics);

/// Pushes a text of metrics (Pushgateway's API: PUT <base>/metrics/job/<job>/<label>/<value> replaces the
/// group, POST only the metrics in the text): after a failure the time of the last success stays. A slug
/// holds no slash, which would have to be sent in base64. Nothing after a signal, which asks for a quick end.
std::optional<http::Request> push_request(const PassRecord& pass, std::string text);

}  // namespace connector::report
