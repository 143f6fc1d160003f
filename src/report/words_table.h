/* Every sentence that the summary, the page and the terminal say, once: W(KEY, English, Spanish).
 * words.h explains the holes {0}, {0#one|many}, and includes this table as often as it is needed.
 * A further language is a further column here and a line in words.c; whoever translates needs no
 * other file, besides words_page.h for what stands below the summary of the page.
 *
 * The sentences keep to what evidence can carry: traffic is "addressed to" a name, a search
 * "did not find", content "was not seen".  There is no word for "clean", in any language. */
/* verdict */
W(VERDICT_LEFT,
    "The operator's data was sent, and {0} {0#precaution is|precautions are} not met.",
    "Se enviaron datos del operador, y {0} {0#precaución no se cumple|precauciones no se cumplen}.")
W(VERDICT_LEFT_ONLY, "The operator's data was sent.", "Se enviaron datos del operador.")
W(VERDICT_NOT_MET,
    "{0} {0#precaution is|precautions are} not met.",
    "{0} {0#precaución no se cumple|precauciones no se cumplen}.")
W(VERDICT_FINDINGS, "There are serious findings.", "Hay hallazgos graves.")
W(VERDICT_NONE_FOUND,
    "No violation was found in what could be read.",
    "No se halló ninguna infracción en lo que se pudo leer.")
W(VERDICT_NOTHING_DECIDED,
    "This evidence decides nothing: not one precaution could be checked with it.",
    "Esta evidencia no decide nada: no permite comprobar ni una precaución.")
W(VERDICT_INCOMPLETE,
    "No violation was found, but too much could not be read to rely on that.",
    "No se halló ninguna infracción, pero no se pudo leer lo bastante para confiar en ello.")
W(VERDICT_NOT_JUDGED, "This case has not been judged.", "Este caso no se ha evaluado.")
W(PILL_VIOLATIONS, "Violations", "Infracciones")
W(PILL_NONE_FOUND, "No violation found", "Sin infracción hallada")
W(PILL_NOTHING_DECIDED, "Nothing decided", "Nada decidido")
W(PILL_INCOMPLETE, "Incomplete", "Incompleto")
W(PILL_NOT_JUDGED, "Not judged", "Sin evaluar")
W(COUNTS, "{0} {0#precaution|precautions}: {1}.", "{0} {0#precaución|precauciones}: {1}.")
W(COUNT_NOT_MET, "{0} not met", "{0} {0#no se cumple|no se cumplen}")
W(COUNT_MET, "{0} met", "{0} {0#se cumple|se cumplen}")
W(COUNT_NOT_SHOWN, "{0} cannot be told from this evidence", "{0} no se {0#puede|pueden} decidir con esta evidencia")
W(COUNT_ATTESTED, "{0} vouched for by a person", "{0} {0#avalada|avaladas} por una persona")
W(COUNT_NOT_APPLICABLE, "{0} not applicable", "{0} {0#no aplicable|no aplicables}")
/* headings, in the order of the summary */
W(HEAD_LEFT, "What left", "Qué salió")
W(HEAD_ADDRESSED, "Addressed to", "Dirigido a")
W(HEAD_UNSEEN, "Not seen", "No se vio")
W(HEAD_NEXT, "What to do next", "Qué hacer ahora")
W(HEAD_KEPT, "Kept in files", "Qué se guarda")
W(HEAD_COVERAGE, "What this rests on", "En qué se apoya")
W(HEAD_DETAIL, "In detail", "En detalle")
/* the first screen: four questions, one sentence each */
W(ASK_LEFT, "What left?", "¿Qué salió?")
W(ASK_ADDRESSED, "Addressed to whom?", "¿A quién iba dirigido?")
W(ASK_UNSEEN, "What could not be seen?", "¿Qué no se pudo ver?")
W(ASK_NEXT, "What to do next?", "¿Qué hacer ahora?")
W(ANSWER_LEFT, "Found in what was sent: {0}.", "Hallado en lo enviado: {0}.")
W(ANSWER_ADDRESSED,
    "The operator's data: {0}. In all, {1} {1#destination|destinations} outside the local network.",
    "Datos del operador: {0}. En total, {1} {1#destino|destinos} fuera de la red local.")
W(ANSWER_ADDRESSED_MORE,
    "The operator's data: {0} and {1} more. In all, {2} {2#destination|destinations} outside the local network.",
    "Datos del operador: {0} y {1} más. En total, {2} {2#destino|destinos} fuera de la red local.")
W(ANSWER_RECIPIENT, "{0} ({1})", "{0} ({1})")
W(ANSWER_UNSEEN, "Not seen: {0}.", "No se vio: {0}.")
W(ANSWER_UNSEEN_TRAFFIC, "what was sent over networks (no network traffic was captured)",
    "lo que se envió por redes (no se capturó tráfico de red)")
W(ANSWER_UNSEEN_CONTENT, "the content of {0} of what was sent", "el contenido del {0} de lo enviado")
W(ANSWER_UNSEEN_FLIGHT, "{0} of {1} of flight, outside the capture", "{0} de {1} de vuelo, fuera de la captura")
W(ANSWER_UNSEEN_FLIGHT_ALL, "the flight, all {0} of it, outside the capture", "el vuelo, los {0} enteros, fuera de la captura")
W(ANSWER_UNSEEN_ITEMS,
    "{0} of {1} {1#item|items} of evidence, not read in full",
    "{0} de {1} {1#elemento|elementos} de evidencia, sin leer por entero")
W(ANSWER_UNSEEN_LOG, "positions in encrypted flight logs", "posiciones en registros de vuelo cifrados")
W(ANSWER_UNSEEN_CODE,
    "code of {0} {0#app|apps} that is hidden or could not be read",
    "código de {0} {0#aplicación|aplicaciones} que está oculto o no se pudo leer")
W(SENT_PATH, "the path of a flight", "la ruta de un vuelo")
W(SENT_TRACK, "a track along the rows of a flight", "un trazado por las filas de un vuelo")
W(SENT_POSITION, "positions in the flight area", "posiciones de la zona del vuelo")
W(SENT_AREA, "a request revealing the area", "una petición que revela la zona")
W(SENT_SERIAL, "a serial number", "un número de serie")
W(SENT_IDENTIFIER, "an identifier", "un identificador")
W(SENT_DIGEST, "a digest of an identifier", "un resumen (digest) de un identificador")
W(SENT_NAMED, "a value you named", "un valor que usted nombró")
W(SENT_MEDIA, "content of a photo or video", "contenido de una foto o un vídeo")
W(SENT_PICTURE, "a picture like a stored photo", "una imagen como una foto guardada")
W(SENT_LOG, "content of a flight log", "contenido de un registro de vuelo")
/* what left */
W(LEFT_NO_TRAFFIC,
    "This evidence holds no network traffic, so it cannot tell what was sent.",
    "Esta evidencia no contiene tráfico de red, así que no dice qué se envió.")
W(LEFT_NO_OUTSIDE,
    "The traffic in this evidence stayed inside the local network.",
    "El tráfico de esta evidencia no salió de la red local.")
W(LEFT_BY_RADIO,
    "By radio, for everybody in range to read: {0}, {1} {1#time|times}{2} ({3}).",
    "Por radio, legible para cualquiera al alcance: {0}, {1} {1#vez|veces}{2} ({3}).")
W(LEFT_BY_RADIO_WITHIN, " within {0}", " en {0}")
W(RADIO_OPERATOR, "where the person flying {0} was", "dónde estaba quien volaba {0}")
W(RADIO_TAKEOFF, "where the person flying {0} took off", "desde dónde despegó quien volaba {0}")
W(RADIO_HOME, "the home point of the person flying {0}", "el punto de retorno de quien volaba {0}")
W(RADIO_FIXED, "where the person flying {0} is said to be", "dónde se dice que está quien volaba {0}")
W(RADIO_THE_AIRCRAFT, "the aircraft {0}", "la aeronave {0}")
W(RADIO_AN_AIRCRAFT, "an aircraft", "una aeronave")
W(LEFT_KITS,
    "The app {0} contains {1} {1#kit, a ready-made part|kits, ready-made parts} by others: {2}. Whether {1#it|they} sent anything is not known without a capture.",
    "La aplicación {0} contiene {1} {1#módulo|módulos} de terceros: {2}. Sin una captura no se sabe si {1#envió|enviaron} algo.")
W(LEFT_KITS_MORE, "{0} and {1} more", "{0} y {1} más")
W(LEFT_APPS_FURTHER,
    "{0} further {0#app contains|apps contain} kits: see the components.",
    "{0} {0#aplicación más contiene|aplicaciones más contienen} módulos: véanse los componentes.")
W(LEFT_SEARCHED,
    "None of the known values (flight path, serial numbers and others) was found in what could be read: "
    "{0} of the {1} sent.",
    "Ninguno de los valores conocidos (ruta de vuelo, números de serie y otros) se halló en lo que se "
    "pudo leer: {0} de los {1} enviados.")
W(LEFT_NOTHING_READABLE,
    "No content could be read, so it cannot be said whether known values were among the {0} sent.",
    "No se pudo leer ningún contenido, así que no puede decirse si había valores conocidos entre los "
    "{0} enviados.")
W(LEFT_NOT_SEARCHED,
    "There was no flight log, photo or other known value to search the traffic for.",
    "No había registro de vuelo, foto ni otro valor conocido que buscar en el tráfico.")
W(LEFT_VOLUME,
    "In all, {0} of content was addressed to {1} {1#destination|destinations} outside the local "
    "network.",
    "En total, {0} de contenido se dirigieron a {1} {1#destino|destinos} fuera de la red local.")
W(LEFT_PATH,
    "A track like a flight path of this case was sent to {0}.",
    "Se envió a {0} un trazado como la ruta de un vuelo de este caso.")
W(LEFT_POSITION,
    "Positions in the flight area were sent to {0}.",
    "Se enviaron a {0} posiciones de la zona del vuelo.")
W(LEFT_PLACE,
    "A request revealing the area was sent to {0}.",
    "Se envió a {0} una petición que revela la zona.")
W(LEFT_SERIAL, "A serial number was sent to {0}.", "Se envió a {0} un número de serie.")
W(LEFT_IDENTIFIER, "An identifier was sent to {0}.", "Se envió a {0} un identificador.")
W(LEFT_MEDIA, "A photo or video was sent to {0}.", "Se envió a {0} una foto o un vídeo.")
W(LEFT_LOG_FILE, "A log file was sent to {0}.", "Se envió a {0} un registro.")
W(LEFT_TEXT, "A known text was sent to {0}.", "Se envió a {0} un texto conocido.")
W(LEFT_WITH_DESTINATION, "{0} (addressed to {1})", "{0} (dirigido a {1})")
W(LEFT_MORE, "{0} (and {1} more {1#finding|findings} like it)", "{0} (y {1} {1#hallazgo|hallazgos} más como este)")
W(LEFT_FURTHER,
    "{0} further {0#kind|kinds} of hit: see the findings.",
    "{0} {0#clase más|clases más} de coincidencia: véanse los hallazgos.")
W(UNKNOWN_DESTINATION, "an unknown destination", "un destino desconocido")
/* addressed to */
W(TO_NOT_KNOWN,
    "Not known: there is no network traffic in this evidence.",
    "No se sabe: esta evidencia no contiene tráfico de red.")
W(TO_RADIO_RANGE,
    "What was told by radio: everybody within range.",
    "Lo dicho por radio: cualquiera que estuviera al alcance.")
W(TO_NOBODY,
    "Nobody outside the local network, in this evidence.",
    "A nadie fuera de la red local, en esta evidencia.")
W(TO_PARTIES, "{0} {0#destination|destinations}: {1}.", "{0} {0#destino|destinos}: {1}.")
W(TO_VENDOR, "{0} of the maker", "{0} del fabricante")
W(TO_THIRD, "{0} of third parties", "{0} de terceros")
W(TO_OPERATOR, "{0} of your own", "{0} propios")
W(TO_PARTY_UNKNOWN, "{0} of unknown owner", "{0} de dueño desconocido")
W(TO_ONE, "{0} ({1}; {2}): {3}.", "{0} ({1}; {2}): {3}.")
W(TO_OWNER_UNKNOWN, "owner unknown", "dueño desconocido")
W(COUNTRY_OPERATOR, "run from {0}", "operado desde {0}")
W(COUNTRY_REGISTRY, "registered in {0}", "registrado en {0}")
W(COUNTRY_LOCATION, "located in {0}", "situado en {0}")
W(COUNTRY_UNKNOWN, "country unknown", "país desconocido")
W(TO_MORE,
    "{0} more {0#destination|destinations}: see the table.",
    "{0} {0#destino más|destinos más}: véase la tabla.")
W(TO_DISAGREE,
    "For {0} {0#destination|destinations} the country sources disagree.",
    "En {0} {0#destino|destinos} las fuentes de países no coinciden.")
/* not seen */
W(UNSEEN_NO_TRAFFIC,
    "What was sent, and to whom: no capture of network traffic is among the evidence.",
    "Qué se envió y a quién: no hay ninguna captura de tráfico de red entre la evidencia.")
W(UNSEEN_OPAQUE,
    "The content of {0} of {1} sent ({2}) was encrypted or of unknown form: it was not seen.",
    "El contenido de {0} de los {1} enviados ({2}) estaba cifrado o era de forma desconocida: no se "
    "vio.")
W(UNSEEN_MISSING,
    "{0} of the content sent is missing from the capture (lost or cut short).",
    "En la captura faltan {0} del contenido enviado (perdidos o cortados).")
W(UNSEEN_OPAQUE_PATH,
    "The content of {0} of {1} sent ({2}) was encrypted or of unknown form: it was not seen. The path "
    "of the known flights would fit into it {3} {3#time|times}.",
    "El contenido de {0} de los {1} enviados ({2}) estaba cifrado o era de forma desconocida: no se "
    "vio. La ruta de los vuelos conocidos cabría en él {3} {3#vez|veces}.")
W(UNSEEN_COPIES,
    "Into what is missing, the path of the known flights would fit {0} {0#time|times}.",
    "En lo que falta, la ruta de los vuelos conocidos cabría {0} {0#vez|veces}.")
W(UNSEEN_SEARCHED,
    "{0} were searched for known values; by chance alone {1} weak hits are expected there, which do not count.",
    "Se buscaron valores conocidos en {0}; solo por azar se esperan ahí {1} coincidencias débiles, que no "
    "cuentan.")
W(UNSEEN_FLIGHT,
    "The capture covers {0} of {1} of flight ({2}).",
    "La captura abarca {0} de {1} de vuelo ({2}).")
W(UNSEEN_FLIGHT_NONE,
    "The capture covers none of the {0} of flight in the logs.",
    "La captura no abarca nada de los {0} de vuelo de los registros.")
W(UNSEEN_EVIDENCE,
    "{0} of {1} {1#item|items} of evidence {0#was|were} not read in full ({2}).",
    "{0} de {1} {1#elemento|elementos} de evidencia no se {0#leyó|leyeron} por entero ({2}).")
W(UNSEEN_PARTIAL, "{0} in part", "{0} en parte")
W(UNSEEN_UNREADABLE, "{0} unreadable", "{0} {0#ilegible|ilegibles}")
W(UNSEEN_SKIPPED, "{0} skipped", "{0} {0#omitido|omitidos}")
W(UNSEEN_ENCRYPTED_LOG,
    "{0} flight-log {0#record is|records are} encrypted: positions in them were not read.",
    "{0} {0#asiento del registro de vuelo está cifrado|asientos de los registros de vuelo están "
    "cifrados}: sus posiciones no se leyeron.")
W(UNSEEN_HIDDEN_CODE,
    "The code of {0} is hidden, all of it or a part: which trackers and other components are in it is not known.",
    "El código de {0} está oculto, todo o en parte: no se sabe qué rastreadores y otros componentes contiene.")
W(UNSEEN_UNREAD_CODE,
    "Some of the code of {0} could not be read: which trackers and other components are in that is not known.",
    "Una parte del código de {0} no se pudo leer: no se sabe qué rastreadores y otros componentes contiene.")
W(UNSEEN_EVICTED,
    "{0} {0#connection was|connections were} dropped from memory before {0#its|their} end.",
    "{0} {0#conexión se descartó|conexiones se descartaron} de la memoria antes de su fin.")
W(UNSEEN_NOTHING,
    "No gap is recorded for this evidence. Other times, networks and versions were not looked at.",
    "No consta ninguna laguna en esta evidencia. Otros momentos, redes y versiones no se miraron.")
/* what to do next */
W(NEXT_BLOCK,
    "Block {0}, or fly without internet, until those who run it have explained what was sent there.",
    "Bloquee {0}, o vuele sin internet, hasta que quien lo opera explique qué se envió allí.")
W(NEXT_FINDINGS,
    "Read the {0} {0#finding|findings} in the report: each shows the bytes it rests on.",
    "Lea {0} {0#hallazgo|hallazgos} del informe: cada uno muestra los bytes en que se apoya.")
W(NEXT_ASK,
    "Ask the owner of {0} what the {1} of unreadable content hold.",
    "Pregunte al dueño de {0} qué contienen los {1} ilegibles.")
W(NEXT_CAPTURE,
    "Capture the traffic of phone and controller, from power-on until after the flight has synced.",
    "Capture el tráfico del teléfono y del mando, desde el encendido hasta que el vuelo se haya "
    "sincronizado.")
W(NEXT_CAPTURE_FLIGHT,
    "Capture the next flight whole: begin before power-on, end after the app has synced.",
    "Capture entero el próximo vuelo: empiece antes del encendido y acabe cuando la aplicación haya "
    "sincronizado.")
W(NEXT_ADD_LOG,
    "Add the flight log and photos of the same flight, so that leash knows what to search for.",
    "Añada el registro de vuelo y las fotos del mismo vuelo, para que leash sepa qué buscar.")
W(NEXT_NEEDS,
    "{0} {0#precaution|precautions} could not be decided. It would help to have: {1}.",
    "{0} {0#precaución no se pudo|precauciones no se pudieron} decidir. Ayudaría tener: {1}.")
W(NEXT_DAMAGED,
    "Copy the evidence that could not be read again from its source, if you can.",
    "Vuelva a copiar de su origen, si puede, la evidencia que no se pudo leer.")
W(NEXT_REPEAT,
    "Repeat this audit when the app or the firmware changes: this verdict holds for these versions.",
    "Repita esta auditoría cuando cambie la aplicación o el firmware: este veredicto vale para estas "
    "versiones.")
/* what the files keep */
W(KEPT_FLIGHTS,
    "{0} {0#flight|flights} with {1} {1#position|positions} ({2} in the air).",
    "{0} {0#vuelo|vuelos} con {1} {1#posición|posiciones} ({2} en el aire).")
W(KEPT_FLIGHTS_UNTIMED,
    "{0} {0#flight|flights} with {1} {1#position|positions}.",
    "{0} {0#vuelo|vuelos} con {1} {1#posición|posiciones}.")
W(KEPT_UNTESTED,
    "{0} {0#log is|logs are} of a form that is untested on real files.",
    "{0} {0#registro es|registros son} de una forma no probada con ficheros reales.")
W(KEPT_OPERATOR,
    "{0} {0#position|positions} of the person flying.",
    "{0} {0#posición|posiciones} de la persona que volaba.")
W(KEPT_MEDIA,
    "{0} {0#photo or video|photos and videos}, {1} with the place where {1#it was|they were} taken.",
    "{0} {0#foto o vídeo|fotos y vídeos}, {1} con el lugar donde se {1#tomó|tomaron}.")
W(KEPT_MEDIA_UNTESTED,
    "{0} of them {0#tells|tell} something in a form that is untested on real files.",
    "{0} de ellas {0#dice|dicen} algo en una forma no probada con ficheros reales.")
W(KEPT_SERIALS,
    "{0} serial {0#number|numbers} of equipment.",
    "{0} {0#número|números} de serie de equipos.")
W(KEPT_NOTHING,
    "No flight, photo or serial number was read from this evidence.",
    "No se leyó ningún vuelo, foto ni número de serie en esta evidencia.")
/* the terminal */
W(TEXT_MORE_IN_REPORT,
    "{0} more {0#point is|points are} in the report.",
    "{0} {0#punto más está|puntos más están} en el informe.")
W(TEXT_TITLE, "leash", "leash")
W(TEXT_REPORT, "Report", "Informe")
W(TEXT_CASE, "Case", "Caso")
W(TEXT_JSON, "JSON", "JSON")
W(TEXT_OPERATOR, "By", "Por")
W(TEXT_CHAIN, "Chain", "Cadena")
W(TEXT_CHAIN_HEAD,
    "{0}... (the report has all of it; leash verify checks it)",
    "{0}... (entera en el informe; leash verify la comprueba)")
/* the page */
W(PAGE_TITLE, "leash report", "Informe de leash")
W(PAGE_TITLE_OF, "leash report: {0}", "Informe de leash: {0}")
W(PAGE_SKIP, "Skip to the summary", "Ir al resumen")
W(PAGE_RUN, "Audited {0} UTC", "Auditado {0} UTC")
W(PAGE_NO_SCRIPT,
    "Tables and maps need a script, which is part of this file and contacts nobody. The verdict, the "
    "summary and the coverage above are complete without it.",
    "Las tablas y los mapas necesitan un script, que es parte de este fichero y no contacta con nadie. "
    "El veredicto, el resumen y la cobertura de arriba están completos sin él.")
W(PAGE_CUT,
    "This page holds {0} of {1} rows of the list \"{2}\"; the case and the JSON report hold all.",
    "Esta página contiene {0} de las {1} filas de la lista «{2}»; el caso y el informe JSON las "
    "contienen todas.")
W(PAGE_LIMITS,
    "This report tells what is in the evidence it was given. It informs; it gives no legal advice and "
    "certifies nothing. Something that was not found may still have happened where nobody looked.",
    "Este informe dice qué hay en la evidencia que se le dio. Informa; no da asesoramiento jurídico ni "
    "certifica nada. Lo que no se halló puede haber ocurrido donde nadie miró.")
W(PAGE_MADE_BY, "Made offline by leash {0}.", "Hecho sin conexión por leash {0}.")
W(COVERAGE_EVIDENCE, "Evidence read", "Evidencia leída")
W(COVERAGE_OF, "{0} of {1} {1#item|items}", "{0} de {1} {1#elemento|elementos}")
W(COVERAGE_PART, "{0} of {1}", "{0} de {1}")
W(COVERAGE_SENT, "Content sent", "Contenido enviado")
W(COVERAGE_READABLE, "readable", "legible")
W(COVERAGE_OPAQUE, "not readable", "no legible")
W(COVERAGE_MISSING, "missing", "falta")
W(COVERAGE_FLIGHT, "Flight time captured", "Tiempo de vuelo capturado")
W(COVERAGE_EVICTED, "Connections dropped from memory", "Conexiones descartadas de la memoria")
W(COVERAGE_NOTES, "Notes", "Notas")
W(COVERAGE_SHORT, "Read {0} of {1} {1#item|items}", "{0} de {1} {1#elemento leído|elementos leídos}")
W(COVERAGE_SHORT_SENT, "{0} of content sent was readable", "{0} del contenido enviado era legible")
W(COVERAGE_SHORT_NONE, "no content was sent", "no se envió contenido")
W(COVERAGE_NO_TRAFFIC, "no network traffic in the evidence", "no hay tráfico de red en la evidencia")
W(HEAD_CUSTODY, "Custody", "Custodia")
W(CUSTODY_TOOL, "Made by", "Hecho por")
W(CUSTODY_TOOL_VERSION, "leash {0}", "leash {0}")
W(CUSTODY_STARTED, "Started", "Comienzo")
W(CUSTODY_OPERATOR, "Operator", "Operador")
W(CUSTODY_COMMAND, "Command", "Orden")
W(CUSTODY_HEAD, "Head of the hash chain", "Cabeza de la cadena de hashes")
W(CUSTODY_HOW,
    "The chain runs over every row of the case. \"leash verify\" with the case, this page and the "
    "evidence shows whether they belong together and whether anything was changed since. Note the head "
    "down where nobody can change it, or sign the case.",
    "La cadena recorre cada fila del caso. «leash verify» con el caso, esta página y la evidencia "
    "muestra si van juntos y si algo se cambió desde entonces. Anote la cabeza donde nadie pueda "
    "cambiarla, o firme el caso.")
W(UNKNOWN, "unknown", "desconocido")
/* amounts */
W(UNDER_SECOND, "under 1 s", "menos de 1 s")
W(UNDER_HUNDREDTH, "under 0.01", "menos de 0,01")
W(UNDER_PERCENT, "under 1 %", "menos del 1 %")
W(OVER_PERCENT, "over 99 %", "más del 99 %")
W(DAYS, "{0} days", "{0} días")
