#pragma once

#include <utility>

/// A number that counts its copies and how many of its kind are alive.
class counted {
public:
    static inline int copies = 0, alive = 0;

    counted(int n) // NOLINT(google-explicit-constructor): stands for a number
        : number_(n)
    {
        ++alive;
    }
    counted(counted&& other) noexcept
        : number_(std::exchange(other.number_, -1))
    {
        ++alive;
    }
    counted(const counted& other)
        : number_(other.number_)
    {
        ++alive;
        ++copies;
    }
    counted& operator=(counted&& other) noexcept
    {
        number_ = std::exchange(other.number_, -1);
        return *this;
    }
    counted& operator=(const counted& other)
    {
        number_ = other.number_;
        ++copies;
        return *this;
    }
    ~counted() { --alive; }

    int number() const { return number_; } // -1 when moved from

private:
    int number_;
};

/// The same, but copies do not compile.
class move_only : public counted {
public:
    using counted::counted;
    move_only(move_only&&) = default;
    move_only& operator=(move_only&&) = default;
    move_only(const move_only&) = delete;
    move_only& operator=(const move_only&) = delete;
    ~move_only() = default;
};
