// What Bitbucket, or a proxy in front of it, refuses of a body before it looks at what the body says.
#pragma once

#include <optional>

#include "support/fake_message.hh"

namespace connector::support {

/// 413 in HTML for more than 1 MiB, as nginx answers unless told otherwise (client_max_body_size).
std::optional<FakeAnswer> refuse_size(const FakeRequest& request);

/// What speaks against the type of a body: 403 for that of a form without the header that tells it from a
/// forged request, 415 for any other than JSON, 400 for a charset other than UTF-8.
std::optional<FakeAnswer> refuse_content_type(const FakeRequest& request);

}  // namespace connector::support
