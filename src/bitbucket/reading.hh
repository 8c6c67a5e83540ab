// How an answer is told from a failure, whatever was asked.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "core/peer/delivery.hh"
#include "http/request.hh"

namespace connector::bitbucket {

/// A web page where JSON is due: a login form, a proxy's error, a server behind a wrong context path.
bool is_web_page(const http::Response& response);

/// What an answer, or its absence, says about a request that has to do with the repository `asked` (with
/// empty fields: with none). Bitbucket REST: errors, in the envelope of decode_error():
/// a 401 means a refused credential unless the exception is AuthorisationException, a valid login without the
/// right; a 404 means a missing repository only with NoSuchRepositoryException or NoSuchProjectException. A
/// redirect that names another repository tells of a renamed or moved one.
Delivery delivery_of(const http::Outcome& outcome, const Repository& asked);

/// Why a response to a GET says nothing: a success that brings nothing to read is no success. `what` names
/// the answer for people.
Delivery not_read(const http::Response& response, const std::string& what, const Repository& asked);

/// Reads the answer to a GET: what `decode` (body -> std::optional<Value>) makes of a 200, else why there is
/// nothing to read.
template <typename Decode>
auto read_answer(const http::Outcome& outcome, const std::string& what, const Repository& asked,
                 Decode decode) {
  using Value = typename decltype(decode(std::string_view()))::value_type;
  using Answer = std::variant<Value, Delivery>;
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr) return Answer(delivery_of(outcome, asked));
  if (response->status == 200 && !is_web_page(*response)) {
    if (auto value = decode(response->body)) return Answer(std::move(*value));
  }
  return Answer(not_read(*response, what, asked));
}

}  // namespace connector::bitbucket
