#pragma once

#include <exception>
#include <string>

/// The text of what an exception_ptr holds, and of all nested in it.
inline std::string text_of(const std::exception_ptr& error)
{
    if (!error) return "no error";
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        std::string text = e.what();
        try {
            std::rethrow_if_nested(e);
        } catch (...) {
            text += " <- " + text_of(std::current_exception());
        }
        return text;
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}
