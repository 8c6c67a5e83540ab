// libcurl's handles as C++ values: each frees itself, every option is checked. The only header that includes
// curl.h.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hh"

namespace connector::http {

/// curl_global_init and its end. libcurl counts them, so each user of libcurl holds its own.
class CurlGlobal {
 public:
  CurlGlobal() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw Error(ExitStatus::software, "libcurl: cannot be initialised");
    }
  }
  CurlGlobal(const CurlGlobal&) = delete;
  CurlGlobal& operator=(const CurlGlobal&) = delete;
  ~CurlGlobal() { curl_global_cleanup(); }
};

/// A list of header lines.
class Slist {
 public:
  void append(const std::string& line) {
    curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
    if (longer == nullptr) throw Error(ExitStatus::software, "libcurl: no memory for a header");
    static_cast<void>(list_.release());  // appending hands the head on
    list_.reset(longer);
  }
  [[nodiscard]] curl_slist* get() const noexcept { return list_.get(); }

 private:
  struct Free {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> list_;
};

/// One transfer's handle. Move-only.
class Easy {
 public:
  Easy() : handle_(curl_easy_init()) {
    if (!handle_) throw Error(ExitStatus::software, "libcurl: no memory for a transfer");
  }
  [[nodiscard]] CURL* get() const noexcept { return handle_.get(); }

  /// Sets an option; long-typed ones want a long. Throws Error (software) that names the option.
  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle_.get(), option, value);
    if (code == CURLE_OK) return;
    const curl_easyoption* known = curl_easy_option_by_id(option);
    throw Error(ExitStatus::software, std::string("libcurl: option ") +
                                          (known == nullptr ? std::to_string(option) : known->name) + ": " +
                                          curl_easy_strerror(code));
  }
  void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }

  [[nodiscard]] long number(CURLINFO info) const {
    long value = 0;
    return curl_easy_getinfo(handle_.get(), info, &value) == CURLE_OK ? value : 0;
  }
  [[nodiscard]] curl_off_t large_number(CURLINFO info) const {
    curl_off_t value = 0;
    return curl_easy_getinfo(handle_.get(), info, &value) == CURLE_OK ? value : 0;
  }
  [[nodiscard]] std::string text(CURLINFO info) const {
    const char* value = nullptr;
    const bool known = curl_easy_getinfo(handle_.get(), info, &value) == CURLE_OK && value != nullptr;
    return known ? std::string(value) : std::string();
  }

 private:
  struct Free {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };
  std::unique_ptr<CURL, Free> handle_;
};

/// Throws Error (software) when a call on a multi or share handle failed.
inline void check(CURLMcode code) {
  if (code != CURLM_OK)
    throw Error(ExitStatus::software, std::string("libcurl: ") + curl_multi_strerror(code));
}
inline void check(CURLSHcode code) {
  if (code != CURLSHE_OK)
    throw Error(ExitStatus::software, std::string("libcurl: ") + curl_share_strerror(code));
}

class Multi {
 public:
  Multi() : handle_(curl_multi_init()) {
    if (!handle_) throw Error(ExitStatus::software, "libcurl: no memory for transfers");
  }
  [[nodiscard]] CURLM* get() const noexcept { return handle_.get(); }
  template <class Value>
  void set(CURLMoption option, Value value) {
    check(curl_multi_setopt(handle_.get(), option, value));
  }

 private:
  struct Free {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
  };
  std::unique_ptr<CURLM, Free> handle_;
};

/// What transfers share beyond the connections of their multi. Must outlive them.
class Share {
 public:
  Share() : handle_(curl_share_init()) {
    if (!handle_) throw Error(ExitStatus::software, "libcurl: no memory for a share");
  }
  [[nodiscard]] CURLSH* get() const noexcept { return handle_.get(); }
  void add(curl_lock_data what) { check(curl_share_setopt(handle_.get(), CURLSHOPT_SHARE, what)); }

 private:
  struct Free {
    void operator()(CURLSH* handle) const noexcept { curl_share_cleanup(handle); }
  };
  std::unique_ptr<CURLSH, Free> handle_;
};

/// Keeps a transfer inside a multi while it lives.
class Attachment {
 public:
  Attachment(const Multi& multi, const Easy& easy) : multi_(multi.get()), easy_(easy.get()) {
    check(curl_multi_add_handle(multi_, easy_));
  }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() { curl_multi_remove_handle(multi_, easy_); }

 private:
  CURLM* multi_;
  CURL* easy_;
};

/// A URL in the eyes of the parser that the transfers use.
class ParsedUrl {
 public:
  explicit ParsedUrl(const std::string& url)
      : handle_(curl_url()),
        valid_(handle_ && curl_url_set(handle_.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK) {}
  [[nodiscard]] bool valid() const noexcept { return valid_; }
  /// A part as it is written in the URL, empty when absent.
  [[nodiscard]] std::string part(CURLUPart what, unsigned flags = 0) const {
    char* raw = nullptr;
    if (curl_url_get(handle_.get(), what, &raw, flags) != CURLUE_OK) return {};
    const std::unique_ptr<char, FreeText> text(raw);
    return text.get();
  }

 private:
  struct Free {
    void operator()(CURLU* handle) const noexcept { curl_url_cleanup(handle); }
  };
  struct FreeText {
    void operator()(char* text) const noexcept { curl_free(text); }
  };
  std::unique_ptr<CURLU, Free> handle_;
  bool valid_;
};

}  // namespace connector::http
