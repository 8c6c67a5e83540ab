#include "config/secret_mask.hh"

#include <algorithm>
#include <variant>

#include "config/base_url.hh"
#include "core/text/text.hh"

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

/// A URL that is a secret, also without its scheme and host, and the long parts of its path alone.
void add_url(Mask& mask, const Secret& secret) {
  constexpr std::size_t shortest_token = 16;
  const auto url = parse_base_url(secret.reveal());
  const auto* parsed = std::get_if<BaseUrl>(&url);
  if (parsed == nullptr || parsed->path.empty()) return;
  mask.add(secret);
  std::string_view path = std::string_view(parsed->path).substr(1);
  mask.add(Secret(std::string(path)));
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end >= shortest_token) mask.add(Secret(std::string(path.substr(0, end))));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
}

}  // namespace

Mask mask_of(const Config& config, const Environment& environment) {
  Mask mask;
  mask.add(config.buildkite.token);
  mask.add(config.bitbucket.password, config.bitbucket.username);
  mask.add(config.bitbucket.token);
  mask.add(config.heartbeat.dms_snitch_id);
  add_url(mask, config.heartbeat.ping_url);
  add_proxy(mask, config.buildkite.connection.proxy);
  add_proxy(mask, config.bitbucket.connection.proxy);
  for (const char* name : proxy_variables) {
    const std::string proxy = variable(environment, name);
    add_proxy(mask, proxy.find("://") == std::string::npos ? "http://" + proxy : proxy);
  }
  return mask;
}

}  // namespace connector::config
