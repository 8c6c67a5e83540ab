// Whether this build runs under AddressSanitizer, which has its own use for memory, files and signals.
#pragma once

namespace connector::support {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif

}  // namespace connector::support
