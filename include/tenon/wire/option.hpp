// SPDX-License-Identifier: BSL-1.0
// TCP options: kinds and values, reading, writing.
#pragma once
#include <tenon/wire/option_kind.hpp>
#include <tenon/wire/option_reader.hpp>
#include <tenon/wire/option_writer.hpp>
