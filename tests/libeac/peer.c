#include "peer.h"

#include "core/builder.h"

#include <eac/eac.h>
#include <eac/pace.h>

#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

struct peer {
	EAC_CTX *ctx;
	PACE_SEC *secret;
};

struct peer *
peer_new(const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group, bool can, const char *password)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	if (peer == NULL)
		abort();
	peer->ctx = EAC_CTX_new();
	peer->secret = PACE_SEC_new(password, strlen(password),
	    can ? PACE_CAN : PACE_MRZ);
	if (peer->ctx == NULL || peer->secret == NULL ||
	    EAC_CTX_init_pace(peer->ctx, OBJ_txt2nid(protocol->oid),
		group->id) != 1)
		peer_free(&peer);
	else
		peer->ctx->tr_version = EAC_TR_VERSION_2_02;
	return peer;
}

void
peer_free(struct peer **peer)
{
	if (*peer == NULL)
		return;
	EAC_CTX_clear_free((*peer)->ctx);
	PACE_SEC_clear_free((*peer)->secret);
	free(*peer);
	*peer = NULL;
}

/* Appends and frees; false for NULL. */
static bool
put_mem(BUF_MEM *mem, struct emrtd_out *out)
{
	if (mem == NULL)
		return false;
	emrtd_put(out, emrtd_bytes((uint8_t *)mem->data, mem->length));
	BUF_MEM_free(mem);
	return !out->bad;
}

static BUF_MEM *
mem_of(struct emrtd_bytes bytes)
{
	BUF_MEM *mem = BUF_MEM_new();

	if (mem == NULL || BUF_MEM_grow(mem, bytes.len) != bytes.len)
		abort();
	for (size_t i = 0; i < bytes.len; i++)
		mem->data[i] = (char)bytes.ptr[i];
	return mem;
}

bool
peer_draw_nonce(struct peer *peer, struct emrtd_out *out)
{
	return put_mem(PACE_STEP1_enc_nonce(peer->ctx, peer->secret), out);
}

bool
peer_take_nonce(struct peer *peer, struct emrtd_bytes encrypted)
{
	BUF_MEM *mem = mem_of(encrypted);
	int ok = PACE_STEP2_dec_nonce(peer->ctx, peer->secret, mem);

	BUF_MEM_free(mem);
	return ok == 1;
}

bool
peer_map_key(struct peer *peer, struct emrtd_out *out)
{
	return put_mem(PACE_STEP3A_generate_mapping_data(peer->ctx), out);
}

bool
peer_map(struct peer *peer, struct emrtd_bytes their_map_key)
{
	BUF_MEM *mem = mem_of(their_map_key);
	int ok = PACE_STEP3A_map_generator(peer->ctx, mem);

	BUF_MEM_free(mem);
	return ok == 1;
}

bool
peer_key(struct peer *peer, struct emrtd_out *out)
{
	return put_mem(PACE_STEP3B_generate_ephemeral_key(peer->ctx), out);
}

bool
peer_agree(struct peer *peer, struct emrtd_bytes their_key)
{
	BUF_MEM *mem = mem_of(their_key);
	bool ok = PACE_STEP3B_compute_shared_secret(peer->ctx, mem) == 1 &&
		  PACE_STEP3C_derive_keys(peer->ctx) == 1;

	BUF_MEM_free(mem);
	return ok;
}

bool
peer_token(struct peer *peer, struct emrtd_bytes their_key,
    struct emrtd_out *out)
{
	BUF_MEM *mem = mem_of(their_key);
	bool ok = put_mem(PACE_STEP3D_compute_authentication_token(peer->ctx,
			      mem),
	    out);

	BUF_MEM_free(mem);
	return ok;
}

bool
peer_check_token(struct peer *peer, struct emrtd_bytes token)
{
	BUF_MEM *mem = mem_of(token);
	int ok = PACE_STEP3D_verify_authentication_token(peer->ctx, mem);

	BUF_MEM_free(mem);
	return ok == 1;
}

static struct emrtd_bytes
view(const BUF_MEM *mem)
{
	return mem == NULL ? emrtd_bytes(NULL, 0)
			   : emrtd_bytes((uint8_t *)mem->data, mem->length);
}

struct emrtd_bytes
peer_shared(const struct peer *peer)
{
	return view(peer->ctx->pace_ctx->ka_ctx->shared_secret);
}

struct emrtd_bytes
peer_k_enc(const struct peer *peer)
{
	return view(peer->ctx->pace_ctx->ka_ctx->k_enc);
}

struct emrtd_bytes
peer_k_mac(const struct peer *peer)
{
	return view(peer->ctx->pace_ctx->ka_ctx->k_mac);
}

bool
peer_begin_sm(struct peer *peer)
{
	return EAC_CTX_set_encryption_ctx(peer->ctx, EAC_ID_PACE) == 1;
}

bool
peer_count(struct peer *peer)
{
	return EAC_increment_ssc(peer->ctx) == 1;
}

bool
peer_encrypt(struct peer *peer, struct emrtd_bytes data, struct emrtd_out *out)
{
	BUF_MEM *mem = mem_of(data);
	bool ok = put_mem(EAC_encrypt(peer->ctx, mem), out);

	BUF_MEM_free(mem);
	return ok;
}

bool
peer_decrypt(struct peer *peer, struct emrtd_bytes data, struct emrtd_out *out)
{
	BUF_MEM *mem = mem_of(data);
	bool ok = put_mem(EAC_decrypt(peer->ctx, mem), out);

	BUF_MEM_free(mem);
	return ok;
}

bool
peer_mac(struct peer *peer, struct emrtd_bytes data, struct emrtd_out *out)
{
	BUF_MEM *mem = mem_of(data);
	bool ok = put_mem(EAC_authenticate(peer->ctx, mem), out);

	BUF_MEM_free(mem);
	return ok;
}
