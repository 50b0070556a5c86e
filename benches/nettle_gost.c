/* Verifies one GOST 34.10-2012 (512) signature COUNT times with nettle and prints the nanoseconds each took.
   Usage: nettle_gost COUNT X Y DIGEST R S, all but COUNT in hexadecimal; numbers most significant digit first. */
#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/gostdsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  long count = atol(argv[1]);
  mpz_t x, y;
  mpz_init_set_str(x, argv[2], 16);
  mpz_init_set_str(y, argv[3], 16);
  unsigned char digest[64];
  if (strlen(argv[4]) != 128) return 2;
  for (int i = 0; i < 64; i++) sscanf(argv[4] + 2 * i, "%2hhx", &digest[i]);
  struct dsa_signature signature;
  dsa_signature_init(&signature);
  mpz_set_str(signature.r, argv[5], 16);
  mpz_set_str(signature.s, argv[6], 16);
  struct ecc_point key;
  ecc_point_init(&key, nettle_get_gost_gc512a());
  if (!ecc_point_set(&key, x, y)) return 3;
  if (!gostdsa_verify(&key, sizeof digest, digest, &signature)) return 1;
  long long start = nanoseconds();
  for (long i = 0; i < count; i++)
    if (!gostdsa_verify(&key, sizeof digest, digest, &signature)) return 1;
  printf("%.0f\n", (double)(nanoseconds() - start) / count);
  return 0;
}
