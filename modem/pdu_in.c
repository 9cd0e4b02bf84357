#include "modem/octets.h"
#include "modem/pdu.h"
#include "modem/pdu_field.h"
#include "modem/pdu_user.h"
#include "modem/pdu_validity.h"

#include "base/span.h"

/* First octet (9.2.2): TP-MTI in bits 0 and 1, TP-VPF in 3 and 4, TP-SRR or TP-SRI in 5, TP-UDHI in 6. */
#define MTI(first)          ((first)&3u)
#define MTI_DELIVER         0u
#define MTI_SUBMIT          1u
#define MTI_STATUS_REPORT   2u
#define VALIDITY(first)     ((first) >> 3 & 3u)
#define WANTS_REPORT(first) (((first)&0x20u) != 0)
#define HAS_HEADER(first)   (((first)&0x40u) != 0)

/* TP-PID (9.2.3.9) */
#define PID_SILENT      0x40
#define PID_REPLACE_1   0x41
#define PID_REPLACE_7   0x47
#define PID_TRIGGER     0x48 /* of a device */
#define PID_DEVICE      0x7C /* from here to 7F: ANSI-136 data, the modem's, its lock's, the SIM's */
#define PID_DEVICE_LAST 0x7F

/* TP-PI (9.2.3.27): what follows in a report. */
#define PRESENT_PID   0x01u
#define PRESENT_DCS   0x02u
#define PRESENT_UD    0x04u
#define PRESENT_OTHER 0x78u /* reserved: fields unknown to us follow the user data */
#define PRESENT_MORE  0x80u

/* TP-UDL says where a unit ends.  Modems that hand over the whole record of a SIM pad it, with FF (31.102
 * 4.2.25) or zeros; anything else behind the end contradicts the lengths, and the unit is not what it seems. */
static int nothing_left(struct octets *in)
{
	size_t end = in->pos;
	size_t left = in->len - end;
	const unsigned char *at = octets_take(in, left, "padding");

	for (size_t i = 0; at != NULL && i < left; i++)
		if (at[i] != 0xFF && at[i] != 0x00)
			return err_set(in->err, ERR_INVALID,
				       "octet %zu: %zu octets too many behind the user data",
				       end + 1, left);
	return at == NULL ? -1 : 0;
}

static int deliver(struct octets *in, unsigned first, struct pdu *out)
{
	struct pdu_stamp sent;
	unsigned dcs;

	out->type = PDU_DELIVER;
	out->report_wanted = WANTS_REPORT(first);
	if (pdu_field_address(in, out) < 0)
		return -1;
	out->pid = (int)octets_byte(in, "TP-PID");
	if (out->pid >= PID_REPLACE_1 && out->pid <= PID_REPLACE_7)
		out->replaces = out->pid - PID_REPLACE_1 + 1;
	dcs = octets_byte(in, "TP-DCS");
	if (pdu_field_stamp(in, "TP-SCTS", &sent) < 0)
		return -1;
	out->has_timestamp = sent.known;
	out->timestamp_utc_s = sent.utc_s;
	out->timestamp_offset_min = sent.offset_min;
	if (pdu_user_read(in, HAS_HEADER(first), dcs, out) < 0)
		return -1;
	return nothing_left(in);
}

static int submit(struct octets *in, unsigned first, struct pdu *out)
{
	unsigned dcs;

	out->type = PDU_SUBMIT;
	out->report_wanted = WANTS_REPORT(first);
	out->message_ref = (int)octets_byte(in, "TP-MR");
	if (pdu_field_address(in, out) < 0)
		return -1;
	out->pid = (int)octets_byte(in, "TP-PID");
	dcs = octets_byte(in, "TP-DCS");
	if (pdu_validity_read(in, VALIDITY(first), out) < 0 ||
	    pdu_user_read(in, HAS_HEADER(first), dcs, out) < 0)
		return -1;
	return nothing_left(in);
}

/* What TP-PI announces, all of it optional.  Most reports end before it. */
static int report_tail(struct octets *in, unsigned first, struct pdu *out)
{
	unsigned present;
	unsigned more;
	unsigned dcs = 0;

	if (in->at[in->pos] == 0xFF)
		return nothing_left(in); /* all reserved bits set: padding */
	present = octets_byte(in, "TP-PI");
	for (more = present; (more & PRESENT_MORE) != 0 && !in->failed;)
		more = octets_byte(in, "TP-PI");
	if ((present & PRESENT_PID) != 0)
		out->pid = (int)octets_byte(in, "TP-PID");
	if ((present & PRESENT_DCS) != 0)
		dcs = octets_byte(in, "TP-DCS");
	if ((present & PRESENT_UD) != 0 && !in->failed &&
	    pdu_user_read(in, HAS_HEADER(first), dcs, out) < 0)
		return -1;
	if (in->failed)
		return -1;
	return (present & (PRESENT_OTHER | PRESENT_MORE)) != 0 ? 0 : nothing_left(in);
}

static int status_report(struct octets *in, unsigned first, struct pdu *out)
{
	struct pdu_stamp sent;
	struct pdu_stamp ended;

	out->type = PDU_STATUS_REPORT;
	out->message_ref = (int)octets_byte(in, "TP-MR");
	if (pdu_field_address(in, out) < 0 || pdu_field_stamp(in, "TP-SCTS", &sent) < 0 ||
	    pdu_field_stamp(in, "TP-DT", &ended) < 0)
		return -1;
	out->has_timestamp = sent.known;
	out->timestamp_utc_s = sent.utc_s;
	out->timestamp_offset_min = sent.offset_min;
	out->has_discharge = ended.known;
	out->discharge_utc_s = ended.utc_s;
	out->discharge_offset_min = ended.offset_min;
	out->status = (int)octets_byte(in, "TP-ST");
	if (in->failed)
		return -1;
	return in->pos == in->len ? 0 : report_tail(in, first, out);
}

/* The same TP-MTI means other units on the way to the service centre.  None of those is ever shown
 * by a modem but a SUBMIT, so one reading of each value is enough. */
static int unit(struct octets *in, struct pdu *out)
{
	unsigned first;

	if (pdu_field_smsc(in, out->smsc) < 0)
		return -1;
	first = octets_byte(in, "first octet");
	if (in->failed)
		return -1;
	if (MTI(first) == MTI_DELIVER)
		return deliver(in, first, out);
	if (MTI(first) == MTI_SUBMIT)
		return submit(in, first, out);
	if (MTI(first) == MTI_STATUS_REPORT)
		return status_report(in, first, out);
	return err_set(in->err, ERR_INVALID, "octet %zu: TP-MTI 3 is reserved", in->pos);
}

int pdu_decode(struct span hex, struct pdu *out, struct err *err)
{
	unsigned char bytes[PDU_HEX_MAX / 2];
	struct octets in = { .at = bytes, .err = err };

	*out = (struct pdu){
		.message_class = -1, .message_ref = -1, .status = -1, .validity_min = -1
	};
	if (octets_from_hex(hex, bytes, sizeof bytes, &in.len, err) < 0 || unit(&in, out) < 0) {
		*out = (struct pdu){ 0 };
		return -1;
	}
	return 0;
}

enum pdu_audience pdu_audience(const struct pdu *pdu)
{
	if (pdu->pid == PID_SILENT)
		return PDU_FOR_NOBODY;
	if (pdu->pid == PID_TRIGGER || (pdu->pid >= PID_DEVICE && pdu->pid <= PID_DEVICE_LAST))
		return PDU_FOR_DEVICE;
	if (pdu->port != 0)
		return PDU_FOR_PORT;
	return pdu->waiting.kind != PDU_WAITING_NONE ? PDU_FOR_NOTICE : PDU_FOR_PEOPLE;
}

/* A name would be spelled in letters that may look like a number, but is no number: refused. */
int pdu_destination(struct span hex, char to[PDU_ADDRESS_MAX], struct err *err)
{
	struct pdu pdu;

	to[0] = '\0';
	if (pdu_decode(hex, &pdu, err) < 0)
		return -1;
	if (pdu.type != PDU_SUBMIT || pdu.alphanumeric)
		return err_set(err, ERR_INVALID, "the unit is not addressed to a number");
	span_copy(span_of(pdu.address), to, PDU_ADDRESS_MAX);
	return 0;
}
