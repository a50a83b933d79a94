// SPDX-License-Identifier: BSL-1.0
#include <tenon/tenon.hpp>

#include <tenon/blocking.hpp>
#include <tenon/chrono.hpp>
#include <tenon/ranges.hpp>
#include <tenon/simulation/congestion_mark.hpp>
#include <tenon/simulation/link.hpp>
#include <tenon/simulation/loss.hpp>
#include <tenon/simulation/network.hpp>
#include <tenon/simulation/packet_pool.hpp>
#include <tenon/simulation/port.hpp>
#include <tenon/simulation/queue.hpp>
#include <tenon/simulation/random.hpp>
#include <tenon/simulation/recorder.hpp>
#include <tenon/simulation/scheduler.hpp>
#include <tenon/text.hpp>
#include <tenon/trace/event_log.hpp>
#include <tenon/trace/pcapng.hpp>
#include <tenon/trace/sink.hpp>
#include <tenon/transport/capture.hpp>
#include <tenon/transport/impairment.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/transport/tun.hpp>
#include <tenon/transport/udp.hpp>

int two();

int main() { return two(); }
