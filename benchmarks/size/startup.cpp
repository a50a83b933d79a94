// SPDX-License-Identifier: BSL-1.0
// What a Cortex-M image needs before main: vector table, copy of .data, zeroes in .bss, static constructors. It lies in
// sections of its own, which benchmarks/size.sh does not count.
#include <cstdint>

extern "C" {
extern std::uint32_t stack_top, data_load, data_begin, data_end, bss_begin, bss_end;
using constructor = void (*)();
extern constructor const init_begin[], init_end[];
void reset_handler();
void fault_handler();
}

[[gnu::section(".startup"), gnu::noreturn]] void fault_handler() {
    for (;;) asm volatile("" ::: "memory");
}

// The loops must not become calls of memcpy and memset: those would be counted as the composition's.
[[gnu::section(".startup"), gnu::noreturn, gnu::optimize("no-tree-loop-distribute-patterns")]] void reset_handler() {
    std::uint32_t const* from = &data_load;
    for (std::uint32_t* to = &data_begin; to != &data_end; ++to) *to = *from++;
    for (std::uint32_t* to = &bss_begin; to != &bss_end; ++to) *to = 0;
    for (constructor const* f = init_begin; f != init_end; ++f) (*f)();
    asm volatile("bl main");
    fault_handler();
}

struct vector_table {
    std::uint32_t* stack;
    void (*handlers[15])();
};
extern "C" {
extern vector_table const vectors;
[[gnu::section(".vectors"), gnu::used]] vector_table const vectors{
    &stack_top,
    {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler}};
}
