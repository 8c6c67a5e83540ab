// What Bitbucket answered.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/capabilities.hh"
#include "core/delivery.hh"
#include "core/ledger.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Reads the outcome of a status_request about the repository `asked`. Any 2xx is delivered, unless it is a
/// web page, which only something else in Bitbucket's place would send; what else there is, delivery_of()
/// says.
Delivery read_delivery(const http::Outcome& outcome, const Repository& asked);

/// Reads the outcome of a capabilities_request: what the server can do, or how the request failed. A server
/// without this resource (404, before 7.4) has no capabilities.
std::variant<Capabilities, Delivery> read_capabilities(const http::Outcome& outcome);

/// What Bitbucket shows for a key: the part by which it is told apart from another status.
struct Record {
  std::string state;
  std::string url;
};

/// Reads the outcome of a record_request: the record of `key`, nothing when there is none, or how the request
/// failed.
std::variant<std::optional<Record>, Delivery> read_record(const http::Outcome& outcome, const StatusKey& key);

/// Whether the record is what was told.
bool shows(const Record& record, const StatusKey& key, const Told& told, const Capabilities& capabilities);

}  // namespace connector::bitbucket
