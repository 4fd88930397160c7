#include <support/allocations.hpp>

#include <atomic>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTED_BY_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTED_BY_SANITIZER
#endif

namespace {

std::atomic<std::size_t> asked_for = 0;

} // namespace

std::size_t allocations() { return asked_for; }

#ifdef COUNTED_BY_SANITIZER

// of <sanitizer/allocator_interface.h>, which Debian's g++ comes without
extern "C" int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void*, std::size_t),
    void (*free_hook)(const volatile void*));

namespace {

void count_one(const volatile void*, std::size_t) { ++asked_for; }
[[maybe_unused]] const int installed
    = __sanitizer_install_malloc_and_free_hooks(count_one, [](const volatile void*) {});

} // namespace

#else // coroutine frames come from aligned_alloc, so replacing operator new is not enough

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): glibc's names
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

void* malloc(std::size_t size)
{
    ++asked_for;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size)
{
    ++asked_for;
    return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size)
{
    ++asked_for;
    return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    ++asked_for;
    return __libc_memalign(alignment, size);
}
}

#endif
