/* The public header in a plain C11 program, linked with the shared library: it parses, links and answers. */
#include <nativenoise/nativenoise.h>

#include <stdio.h>
#include <string.h>

int main(void) {
    if (nnoise_abi_version() != NNOISE_ABI_VERSION) {
        fprintf(stderr, "ABI: header %d, library %u\n", NNOISE_ABI_VERSION, (unsigned)nnoise_abi_version());
        return 1;
    }
    if (nnoise_contract_version() != NNOISE_CONTRACT_VERSION) {
        fprintf(stderr, "contract: header %d, library %u\n", NNOISE_CONTRACT_VERSION,
                (unsigned)nnoise_contract_version());
        return 1;
    }
    if (strlen(nnoise_status_text(NNOISE_STATUS_OK)) == 0) {
        fprintf(stderr, "the text of NNOISE_STATUS_OK is empty\n");
        return 1;
    }
    return 0;
}
