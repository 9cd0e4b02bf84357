/* value.h - one function a kind of value: checks it and puts it where the table says. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config/walk.h"

void value_read(const struct place *place);

/* ---- value_rota.c: what rotations are made of ---- */
void rota_read_zone(const struct place *place);
/* These fill in the struct plan_layer that stands at key->at. */
void rota_read_turns(const struct place *place);
void rota_read_shift(const struct place *place);
void rota_read_hours(const struct place *place);
void rota_read_waking(const struct place *place);
void rota_read_handover(const struct place *place);
void rota_read_days(const struct place *place);

/* ---- value_hook.c: what webhooks, watches and drills are made of ---- */
void hook_read_url(const struct place *place);
void hook_read_news(const struct place *place);
void hook_read_limit(const struct place *place);
void hook_read_monthly(const struct place *place);

/* ---- for value_rota.c and value_hook.c; false and -1: it has been complained about ---- */
void *value_field(const struct place *place, size_t at);
bool value_text(const struct place *place, config_setting_t *setting, struct span *text);
bool value_put_name(const struct place *place, config_setting_t *setting, char *to, size_t size);
int value_length(const struct place *place);

/* "12 h", "7 days", "2 weeks": seconds; "1 month": months, and no seconds. */
bool value_shift(struct span text, int64_t *seconds, int64_t *months);

#endif
