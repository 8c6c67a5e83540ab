// What Bitbucket, or a proxy in front of it, refuses of a body before it looks at what the body says.
#pragma once

#include <optional>

#include "support/fake_message.hh"

namespace connector::support {

/// 413 in HTML for more than 1 MiB, as nginx answers unless told otherwise (client_max_body_size).
std::optional<FakeAnswer> refuse_size(const FakeRequest& request);

/// What speaks against a body as a text in JSON: 403 for a form's content type without the header that tells
/// it from a forged request, 415 for any other type, 400 for a charset that is not UTF-8 or bytes that are
/// not.
std::optional<FakeAnswer> refuse_content(const FakeRequest& request);

}  // namespace connector::support
