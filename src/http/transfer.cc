#include "http/transfer.hh"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/text/text.hh"

namespace connector::http {
namespace {

/// Of a failure: a path, libcurl's reason, what helps.
constexpr std::size_t longest_text = 600;

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

/// A target that could change where or how a request goes is a mistake of the code that built it.
void require_plain(const std::string& target) {
  const bool plain = !target.empty() && (target.front() == '/' || target.front() == '?') &&
                     target.find('#') == std::string::npos &&
                     target.find_first_not_of(
                         "\x21\x22\x24\x25\x26'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~") == std::string::npos;
  if (!plain) throw Error(ExitStatus::software, "not a request target: " + printable(target));
}

}  // namespace

PreparedPeer prepare_peer(PeerId id, PeerSettings settings) {
  PreparedPeer peer{
      .id = id, .settings = std::move(settings), .address = {}, .get_headers = {}, .post_headers = {}};
  peer.address = checked_address(id, peer.settings);
  for (Slist* headers : {&peer.get_headers, &peer.post_headers}) {
    headers->append("Accept: application/json");
    for (const std::string& line : peer.settings.extra_headers) headers->append(line);
  }
  peer.post_headers.append("Content-Type: " + peer.settings.content_type);
  return peer;
}

Transfer::Transfer(const PreparedPeer& peer, const Share& share, const std::string& user_agent,
                   const TransferLimits& limits)
    : peer_(peer), limits_(limits) {
  prepare(share, user_agent);
  prepare_tls();
  prepare_credential();
}

void Transfer::prepare(const Share& share, const std::string& user_agent) {
  easy_.set(CURLOPT_PRIVATE, this);
  easy_.set(CURLOPT_ERRORBUFFER, error_text_.data());
  easy_.set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  easy_.set(CURLOPT_HEADERDATA, this);
  easy_.set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  easy_.set(CURLOPT_WRITEDATA, this);
  easy_.set(CURLOPT_SHARE, share.get());

  easy_.set(CURLOPT_USERAGENT, user_agent);
  easy_.set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  easy_.set(CURLOPT_FOLLOWLOCATION, 0L);
  easy_.set(CURLOPT_PROTOCOLS_STR, peer_.address.scheme);
  easy_.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  easy_.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Rather a stream on a connection that is being made than one more connection. Over plain http there are no
  // streams, and libcurl 7.88 would hold the others back until the first answer.
  easy_.set(CURLOPT_PIPEWAIT, peer_.address.scheme == "https" ? 1L : 0L);
  easy_.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!peer_.settings.proxy.empty()) {
    easy_.set(CURLOPT_PROXY, peer_.settings.proxy);
  } else if (peer_.address.loopback) {
    easy_.set(CURLOPT_PROXY, "");  // the environment's proxy cannot reach our loopback
  }

  easy_.set(CURLOPT_NOSIGNAL, 1L);
  easy_.set(CURLOPT_QUICK_EXIT, 1L);  // a name server that is silent holds up no end
  easy_.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  easy_.set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(limits_.total, peer_.settings.patience).count()));
  easy_.set(CURLOPT_LOW_SPEED_LIMIT, limits_.stall_bytes);
  easy_.set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits_.stall.count()));
}

void Transfer::prepare_tls() {
  const PeerSettings& settings = peer_.settings;
  easy_.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  easy_.set(CURLOPT_SSL_VERIFYPEER, 1L);
  easy_.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (const std::string file = trusted_file(settings); !file.empty()) {
    easy_.set(CURLOPT_CAINFO, file);
    // A directory would be trusted as well, and keep libcurl from reading the certificates only once.
    easy_.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!settings.client_certificate.empty()) {
    easy_.set(CURLOPT_SSLCERT, settings.client_certificate);
    easy_.set(CURLOPT_SSLKEY,
              settings.client_key.empty() ? settings.client_certificate : settings.client_key);
  }
}

void Transfer::prepare_credential() {
  const Credential& credential = peer_.settings.credential;
  if (const auto* bearer = std::get_if<BearerToken>(&credential)) {
    easy_.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    easy_.set(CURLOPT_XOAUTH2_BEARER, bearer->token.reveal());
  } else if (const auto* login = std::get_if<BasicLogin>(&credential)) {
    easy_.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    easy_.set(CURLOPT_USERNAME, login->username);
    easy_.set(CURLOPT_PASSWORD, login->password.reveal());
  }
}

void Transfer::begin(Ticket ticket, const Request& request, const Multi& multi) {
  require_plain(request.target);
  ticket_ = ticket;
  method_ = request.method;
  path_ = peer_.address.path + std::string(path_of(request.target));
  body_limit_ = request.body_limit;
  header_bytes_ = 0;
  excess_ = Excess::none;
  response_ = {};
  error_text_.front() = '\0';

  easy_.set(CURLOPT_URL, peer_.address.base_url + peer_.settings.secret_path.reveal() + request.target);
  easy_.set(CURLOPT_CUSTOMREQUEST, method_ == Method::put ? "PUT" : static_cast<const char*>(nullptr));
  if (method_ != Method::get) {
    easy_.set(CURLOPT_POST, 1L);
    easy_.set(CURLOPT_HTTPHEADER, peer_.post_headers.get());
    easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    easy_.set(CURLOPT_COPYPOSTFIELDS, request.body.data());
  } else {
    easy_.set(CURLOPT_HTTPGET, 1L);
    easy_.set(CURLOPT_HTTPHEADER, peer_.get_headers.get());
  }
  attachment_.emplace(multi, easy_);
}

Outcome Transfer::outcome(CURLcode code) {
  switch (excess_) {
    case Excess::headers:
      return failure(FailureKind::not_the_api,
                     "more than " + std::to_string(limits_.headers) + " bytes of headers");
    case Excess::body:
      return failure(FailureKind::not_the_api,
                     "an answer of more than " + std::to_string(body_limit_) + " bytes");
    case Excess::memory:
      throw Error(ExitStatus::software, "no memory for an answer of " + peer_.address.authority);
    case Excess::none:
      break;
  }
  if (code != CURLE_OK) {
    const CurlFailure why =
        explain(code, error_text_.data(), easy_.number(CURLINFO_HTTP_CONNECTCODE), peer_.id);
    Failure failed = failure(why.kind, why.reason);
    failed.stage = stage_of(code, easy_.number(CURLINFO_HTTP_CONNECTCODE), progress());
    return failed;
  }
  response_.status = static_cast<int>(easy_.number(CURLINFO_RESPONSE_CODE));
  if (response_.status == 407) {  // of a proxy that needs no tunnel
    const CurlFailure why = proxy_wants_login(peer_.id);
    Failure refused = failure(why.kind, why.reason);
    refused.may_have_arrived = false;
    refused.stage = Stage::proxy;
    return refused;
  }
  response_.place = printable(peer_.address.authority + ' ' + path_);
  if (auto redirect = redirect_failure()) return std::move(*redirect);
  return std::move(response_);
}

std::optional<Failure> Transfer::redirect_failure() const {
  if (response_.status < 300 || response_.status > 399) return std::nullopt;
  const std::string target = origin_of(easy_.text(CURLINFO_REDIRECT_URL));
  const bool own_origin = target == origin_of(peer_.address.base_url);
  if (own_origin && peer_.id == PeerId::bitbucket) return std::nullopt;
  return failure(FailureKind::not_the_api, "answered " + std::to_string(response_.status) +
                                               ", a redirect to " + (target.empty() ? "nowhere" : target) +
                                               " that is not followed; check " +
                                               std::string(url_setting_of(peer_.id)));
}

/// libcurl stamps a time when each step is done; the last one stands for everything before the request
/// itself.
Progress Transfer::progress() const {
  return {easy_.large_number(CURLINFO_NAMELOOKUP_TIME_T) > 0, easy_.large_number(CURLINFO_CONNECT_TIME_T) > 0,
          easy_.large_number(CURLINFO_PRETRANSFER_TIME_T) > 0};
}

Failure Transfer::failure(FailureKind kind, const std::string& reason) const {
  return {kind, progress().request_begun && method_ != Method::get,
          printable(peer_.address.authority + ' ' + path_ + ": " + reason, longest_text)};
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    transfer.take_header({data, size * count});
  } catch (...) {
    transfer.excess_ = Excess::memory;
  }
  return transfer.excess_ == Excess::none ? size * count : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    transfer.take_body({data, size * count});
  } catch (...) {
    transfer.excess_ = Excess::memory;
  }
  return transfer.excess_ == Excess::none ? size * count : 0;
}

void Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits_.headers) {
    excess_ = Excess::headers;
    return;
  }
  if (line.substr(0, 5) == "HTTP/") response_.headers = {};  // what came before was an interim answer
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) response_.headers.set(line.substr(0, colon), line.substr(colon + 1));
}

void Transfer::take_body(std::string_view bytes) {
  if (bytes.size() > body_limit_ - response_.body.size()) {
    excess_ = Excess::body;
    return;
  }
  response_.body.append(bytes);
}

}  // namespace connector::http
