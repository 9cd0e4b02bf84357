/* version.h - which Tocsin this is: what --version prints.  Changed here and nowhere else, with each release. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define TOCSIN_VERSION "1.0.0"

#endif
