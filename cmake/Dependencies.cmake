# Outside libraries. An option that is ON and cannot be met is an error.
find_package(PkgConfig REQUIRED)

if(MRTD_TOOLS AND NOT MRTD_EMRTD)
	message(FATAL_ERROR "MRTD_TOOLS is ON, and wants MRTD_EMRTD: every tool "
		"writes its records with libemrtd (-DMRTD_TOOLS=OFF leaves the "
		"tools out)")
endif()
if(MRTD_EMRTD)
	find_package(OpenSSL 3.0 REQUIRED)
	if(MRTD_PCSC)
		pkg_check_modules(PCSC REQUIRED IMPORTED_TARGET libpcsclite)
	endif()
endif()
if(MRTD_DRAW)
	pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
	pkg_check_modules(FREETYPE REQUIRED IMPORTED_TARGET freetype2)
	pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
	set(MRTD_OCRB_FONT /usr/share/fonts/opentype/ocr-b/OCRB.otf
		CACHE FILEPATH "OCR-B (Debian: fonts-ocr-b)")
	set(MRTD_TEXT_FONT /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
		CACHE FILEPATH "Visual zone (Debian: fonts-dejavu-core)")
	foreach(font MRTD_OCRB_FONT MRTD_TEXT_FONT)
		if(NOT EXISTS ${${font}})
			message(FATAL_ERROR "MRTD_DRAW is ON, and ${font} is not "
				"there: ${${font}} (Debian: fonts-ocr-b, "
				"fonts-dejavu-core)")
		endif()
	endforeach()
endif()
if(MRTD_OCR)
	pkg_check_modules(TESSERACT REQUIRED IMPORTED_TARGET tesseract>=5)
	pkg_check_modules(LEPTONICA REQUIRED IMPORTED_TARGET lept)
endif()
if(MRTD_TOOLS)
	pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
	pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
	if(MRTD_DECODE)
		pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
		pkg_check_modules(OPENJPEG REQUIRED IMPORTED_TARGET
			libopenjp2>=2.5)
		pkg_check_modules(TIFF REQUIRED IMPORTED_TARGET libtiff-4>=4.5)
		pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
		if(MRTD_SECCOMP)
			pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET
				libseccomp)
		endif()
	endif()
endif()
if(MRTD_TESTS)
	pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
