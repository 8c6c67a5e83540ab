// What Bitbucket answered.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bitbucket/decode.hh"
#include "core/ledger/ledger.hh"
#include "core/peer/capabilities.hh"
#include "core/peer/delivery.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// Reads the outcome of a status_request about the repository `asked`. Any 2xx is delivered, unless it is a
/// web page, which only something else in Bitbucket's place would send; what else there is, delivery_of()
/// says.
Delivery read_delivery(const http::Outcome& outcome, const Repository& asked);

/// The server does not have what was asked for: it is older.
struct NoSuchResource {};

/// Reads the outcome of a capabilities_request: what the server can do, NoSuchResource from a server without
/// this resource, whose version tells (see read_properties), or how the request failed. A server that has it
/// and says richBuildStatus can also be asked by key: both are of 7.14.
std::variant<Capabilities, NoSuchResource, Delivery> read_capabilities(const http::Outcome& outcome);

/// Reads the outcome of a record_request: the record of `key`, nothing when there is none, or how the request
/// failed. Among the records of a commit the one that names the key's repository is meant, else one that
/// names none; those of other repositories are not ours.
std::variant<std::optional<Record>, Delivery> read_record(const http::Outcome& outcome, const StatusKey& key);

/// Reads the outcome of a records_request.
std::variant<std::vector<Record>, Delivery> read_records(const http::Outcome& outcome);

/// Whether the record is what was told.
bool shows(const Record& record, const StatusKey& key, const Told& told, const Capabilities& capabilities);

}  // namespace connector::bitbucket
