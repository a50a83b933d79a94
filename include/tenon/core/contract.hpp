// SPDX-License-Identifier: BSL-1.0
// Contracts: what the code relies on. Checked in debug builds by trapping; an assumption for nobody else to make.
#pragma once

#if defined(TENON_CONTRACTS) && TENON_CONTRACTS
#define TENON_EXPECTS(condition) ((condition) ? static_cast<void>(0) : __builtin_trap())
#else
#define TENON_EXPECTS(condition) static_cast<void>(0)
#endif

// Steps that every segment goes through: worth a copy at each call where speed is wanted, not where octets are.
#if defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define TENON_PER_SEGMENT [[gnu::always_inline]]
#else
#define TENON_PER_SEGMENT
#endif

// The opposite: where octets are what counts, one copy, whatever the compiler expects of another.
#if defined(__OPTIMIZE_SIZE__)
#define TENON_ONE_COPY [[gnu::noinline]]
#else
#define TENON_ONE_COPY
#endif
