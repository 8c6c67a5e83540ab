#include "config/secret_mask.hh"

#include "config/base_url.hh"
#include "core/text.hh"

namespace connector::config {
namespace {

/// A login of a proxy without a password is a secret as a whole.
void add_proxy(Mask& mask, std::string_view proxy) {
  const std::string_view login = login_of(proxy);
  const auto colon = login.find(':');
  const bool has_password = colon != std::string_view::npos;
  const std::string user = has_password ? percent_decode(login.substr(0, colon)) : std::string();
  mask.add(Secret(percent_decode(has_password ? login.substr(colon + 1) : login)), user);
}

}  // namespace

Mask mask_of(const Config& config) {
  Mask mask;
  mask.add(config.buildkite.token);
  mask.add(config.bitbucket.password, config.bitbucket.username);
  mask.add(config.bitbucket.token);
  mask.add(config.heartbeat.dms_snitch_id);
  add_proxy(mask, config.buildkite.connection.proxy);
  add_proxy(mask, config.bitbucket.connection.proxy);
  return mask;
}

}  // namespace connector::config
