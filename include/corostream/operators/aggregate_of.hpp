#pragma once

#include <corostream/core/row_origin.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace corostream {

/// What a window asks of an aggregate over elements of type `Input`, which is a value, or `const
/// T&` where several read the same element.
///
/// | member                             | what it is                                         |
/// |------------------------------------|----------------------------------------------------|
/// | `share`                            | what a partition has of a window; default: nothing |
/// | `result`                           | what is made of a window                           |
/// | `add(share&, Input&&, origin)`     | takes an element in                                |
/// | `merge(share& into, share&& from)` | takes in what another partition or pane has        |
/// | `finish(share&&)`                  | makes the result                                   |
/// | `size(const share&)`               | keys in it; 0 if it has none                       |
/// | `reserve(share&, keys)`            | makes room for as many                             |
///
/// To one share, elements come by rising partition and offset, but in any order of time. `merge` is
/// associative and commutative: shares come in any order, later offsets before earlier ones too. A
/// share can be copied if what it keeps can. An exception leaves the share in some valid state: the
/// pipeline has ended.
///
/// An aggregate whose result is a `std::optional` only since a window may be empty also has
/// `finish_nonempty(share&&)`: the value itself.
template <class A, class Input>
concept aggregate_of
    = std::default_initializable<typename A::share> && std::movable<typename A::share>
   && requires(A& a, typename A::share& share, const typename A::share& seen, Input&& v,
       const row_origin& origin, std::size_t keys) {
          a.add(share, std::forward<Input>(v), origin);
          a.merge(share, std::move(share));
          { a.finish(std::move(share)) } -> std::same_as<typename A::result>;
          { a.size(seen) } -> std::same_as<std::size_t>;
          a.reserve(share, keys);
      };

namespace detail {

/// The pair of a key and the rest that `A` makes of an element.
template <class A, class Input>
using split_by = decltype(std::declval<A&>().split(std::declval<Input>()));

} // namespace detail

/// What windows that are cut apart for each key (sessions, windows that slide or count) ask
/// besides: they keep a `part` a key and window, and put rows together when a window fires.
///
/// | member                                | what it is                                        |
/// |---------------------------------------|---------------------------------------------------|
/// | `key_type`                            | a key that is owned                               |
/// | `part`                                | what one key has of a window: one element or more |
/// | `key_of(const Input&)`                | the key to look up                                |
/// | `split(Input&&)`                      | a pair of that and the rest, `X`                  |
/// | `begin(X&&, origin)`                  | the part of one element                           |
/// | `extend(part&, X&&, origin)`          | takes an element in                               |
/// | `merge_part(part& into, part&& from)` | takes in another part of the same key             |
/// | `append(share&, key, part&&, origin)` | a row more; merged if the key has one             |
///
/// The key and `X` may refer to the element. `begin` and `extend` may move from it, so the key is
/// looked up, and owned if new, before. `append` keeps the smaller origin. A part can be copied if
/// what it keeps can.
template <class A, class Input>
concept keyed_aggregate_of
    = aggregate_of<A, Input> && std::movable<typename A::part>
   && requires(A& a, const std::remove_cvref_t<Input>& v) { a.key_of(v); }
   && requires(A& a, Input&& v) { a.split(std::forward<Input>(v)); }
   && requires(A& a, typename A::share& share, typename A::part& part, const row_origin& origin,
       typename A::key_type& key, detail::split_by<A, Input>& split) {
          { a.begin(std::forward<decltype(split.second)>(split.second), origin) }
              -> std::same_as<typename A::part>;
          a.extend(part, std::forward<decltype(split.second)>(split.second), origin);
          a.merge_part(part, std::move(part));
          a.append(share, std::move(key), std::move(part), origin);
      };

} // namespace corostream
