#include "conversation.h"
#include "protocol/mqtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_conversation(&mqtt_protocol, true, 1883, data, size);
    return 0;
}
