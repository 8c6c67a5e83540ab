// An optional for what most of many objects lack: empty, it takes the room of a pointer.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace connector {

/// A value or nothing, used as std::optional is; the value lives on the heap and is copied with its owner. A
/// new value is another object: references to the old one end.
template <typename T>
class Rare {
 public:
  Rare() = default;
  // As std::optional, these take part in conversions.
  Rare(std::nullopt_t /*nothing*/) {}
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Rare(std::optional<T> value) : value_(value ? std::make_unique<T>(*std::move(value)) : nullptr) {}
  Rare(const Rare& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) *this = Rare(other);
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] bool has_value() const noexcept { return value_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return value_.get(); }
  const T* operator->() const noexcept { return value_.get(); }
  T& emplace() { return *(value_ = std::make_unique<T>()); }
  void reset() noexcept { value_.reset(); }

  friend bool operator==(const Rare& left, const T& right) { return left && *left == right; }
  friend bool operator==(const Rare& left, const Rare& right) {
    return left && right ? *left == *right : left.has_value() == right.has_value();
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace connector
