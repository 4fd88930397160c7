#include <corostream/core/error.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace cs = corostream;

namespace {

template <class E>
std::exception_ptr wrapped(E error, std::string_view source = "Test")
{
    try {
        try {
            throw error;
        } catch (...) {
            throw cs::element_error(source, 3, 41);
        }
    } catch (...) {
        return std::current_exception();
    }
}

TEST(ElementError, NamesTheSourceThePartitionAndTheOffset)
{
    EXPECT_EQ(cs::what_of(wrapped(std::domain_error("no such phone"))),
        "Test [3] at offset 41: no such phone");
    EXPECT_EQ(cs::what_of(wrapped(7)),
        "Test [3] at offset 41: an exception that is not a std::exception");
}

TEST(ElementError, NestsTheException)
{
    try {
        std::rethrow_exception(wrapped(std::domain_error("no such phone")));
    } catch (const cs::element_error& e) {
        EXPECT_EQ(e.partition(), 3);
        EXPECT_EQ(e.offset(), 41);
        EXPECT_THROW(e.rethrow_nested(), std::domain_error);
    }
}

TEST(ElementError, IsSafeToPrint)
{
    EXPECT_EQ(cs::what_of(wrapped(std::runtime_error("\x1b[2J\\"), "to\npic")),
        "to\\x0apic [3] at offset 41: \\x1b[2J\\\\");
}

TEST(ElementError, InsideAnotherIsEscapedOnce)
{
    try {
        std::rethrow_exception(wrapped(std::runtime_error("\x1b")));
    } catch (const cs::element_error& e) {
        EXPECT_STREQ(cs::element_error("outer", 0, 1).what(),
            "outer [0] at offset 1: Test [3] at offset 41: \\x1b");
    }
}

TEST(WhatOf, EscapesTheTextOfAnyException)
{
    EXPECT_EQ(cs::what_of(std::make_exception_ptr(std::runtime_error("\x07 bell"))), "\\x07 bell");
    EXPECT_EQ(cs::what_of(std::make_exception_ptr("no exception at all")),
        "an exception that is not a std::exception");
}

} // namespace
