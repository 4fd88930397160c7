#pragma once

#include <corostream/core/escape.hpp>
#include <corostream/kafka/detail/handle.hpp>

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// A property that librdkafka does not know or a value that it does not take. `what()` names both,
/// a secret's value never.
class config_error : public std::invalid_argument {
public:
    config_error(std::string key, std::string_view what)
        : std::invalid_argument(escape(what))
        , key_(std::move(key))
    {
    }

    const std::string& key() const noexcept { return key_; }

private:
    std::string key_;
};

/// Properties of a client, as librdkafka's CONFIGURATION.md names them: every one passes through.
/// They are checked when a client is made from them. Distinct objects: safe. Shared objects:
/// unsafe.
class config {
public:
    config() = default;
    config(std::initializer_list<std::pair<std::string, std::string>> settings)
        : settings_(settings)
    {
    }

    /// Sets one property; the last value set counts.
    config& set(std::string key, std::string value)
    {
        settings_.emplace_back(std::move(key), std::move(value));
        return *this;
    }

    bool contains(std::string_view key) const
    {
        for (const auto& [k, v] : settings_)
            if (k == key) return true;
        return false;
    }

    /// True for a property whose value must not be shown.
    static bool is_secret(std::string_view key)
    {
        constexpr std::array marks{
            "password", "secret", ".pem", "sasl.username", "sasl.oauthbearer.config", "ssl_key"};
        for (std::string_view mark : marks)
            if (key.find(mark) != std::string_view::npos) return true;
        return false;
    }

    /// `text` with the values of secrets blotted out.
    std::string redact(std::string text) const
    {
        for (const auto& [key, value] : settings_) {
            if (!is_secret(key) || value.empty()) continue;
            for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + 3))
                text.replace(at, value.size(), "***");
        }
        return text;
    }

    /// Applies the properties to librdkafka's own object. Throws `config_error`.
    void apply(rd_kafka_conf_t* conf) const
    {
        for (const auto& [key, value] : settings_) {
            std::array<char, 512> reason{};
            const auto result
                = rd_kafka_conf_set(conf, key.c_str(), value.c_str(), reason.data(), reason.size());
            if (result == RD_KAFKA_CONF_OK) continue;
            const std::string shown = is_secret(key) ? "***" : value;
            if (result == RD_KAFKA_CONF_UNKNOWN)
                throw config_error(key, "unknown property " + key + " (value " + shown + ")");
            throw config_error(
                key, "property " + key + " does not take the value " + shown
                         + (is_secret(key) ? std::string() : ": " + std::string(reason.data())));
        }
    }

private:
    std::vector<std::pair<std::string, std::string>> settings_;
};

} // namespace corostream::kafka
