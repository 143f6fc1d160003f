/* What the rules of the catalogue (data/precautions) say, told again: T(English, Spanish), as in told_table.h, which
 * includes
 * this; a file for each part of the catalogue.  The holes of the catalogue ({bytes|size}, {destination} ...) are numbered in
 * their order.  test/program/spanish.py holds this table against the catalogue.  Here: what several parts say. */
T("a network capture (pcap) of the controller or phone", "una captura de red (pcap) del mando o del teléfono")
T("the flight log of the captured flight, so that the time in the air is known",
  "el registro de vuelo del vuelo capturado, para conocer el tiempo en el aire")
T("a capture of the controller's or phone's network during the flight: captures cover {0} of {1} in the air, and the "
  "policy asks for {2}{3}",
  "una captura de la red del mando o del teléfono durante el vuelo: las capturas abarcan {0} de {1} en el aire, y la "
  "política pide {2}{3}")
T("a capture without losses: {0} of what left are not in it",
  "una captura sin pérdidas: {0} de lo que salió no están en ella")
T("a capture that begins before the connections do, so that it holds the names behind the addresses: {0} went to "
  "addresses without name or owner",
  "una captura que empiece antes que las conexiones, para que contenga los nombres que hay tras las direcciones: {0} "
  "fueron a direcciones sin nombre ni dueño")
T("who owns {0} that leash does not know (operator_hosts or allowed_destinations in the policy)",
  "el dueño de {0} que leash no conoce (operator_hosts o allowed_destinations en la política)")
T("the owner's or the place's country of {0} (a location database: --geoip)",
  "el país del dueño o del lugar de {0} (una base de datos de lugares: --geoip)")
T("the third parties you have looked into, in the policy (known_third_parties)",
  "los terceros que usted ha examinado, en la política (known_third_parties)")
T("the countries that the privacy terms name, in the policy (declared_countries)",
  "los países que nombran las condiciones de privacidad, en la política (declared_countries)")
T("your own host and mail names, in the policy (operator_hosts)",
  "sus propios nombres de servidores y de correo, en la política (operator_hosts)")
T("a flight log, photo or radio capture that names the aircraft",
  "un registro de vuelo, una foto o una captura de radio que nombre la aeronave")
T("the maker of {0} aircraft that the evidence leaves open",
  "el fabricante de {0} aeronaves que la evidencia deja sin determinar")
T("a capture of the device while it fetches or installs drone software",
  "una captura del aparato mientras descarga o instala programas del dron")
T("a capture of drone software being fetched, or the app package itself",
  "una captura de la descarga de programas del dron, o el propio paquete de la aplicación")
T("who weighed the {0} fetched from {1} before installing (an attestation in the policy)",
  "quién valoró {0} descargadas de {1} antes de instalarlas (una declaración en la política)")
T("that the files are the card or phone as it was found, in the policy (stored_evidence)",
  "que los ficheros son la tarjeta o el teléfono tal como se hallaron, en la política (stored_evidence)")
T("the date of {0}", "la fecha de {0}")
T("the flight logs", "los registros de vuelo")
T("the log folders of the app and the aircraft after a flight in the mode",
  "las carpetas de registros de la aplicación y de la aeronave tras un vuelo en ese modo")
T("a capture made while the mode was on", "una captura hecha con el modo activado")
T("a capture per app (PCAPdroid), to tell whether the drone's app or another one addressed {0}",
  "una captura por aplicación (PCAPdroid), para saber si fue la aplicación del dron u otra la que se dirigió a {0}")
T("the files of the card, the phone or the controller, best as an archive or image of the whole",
  "los ficheros de la tarjeta, el teléfono o el mando, mejor como archivo o imagen del conjunto")
T("an archive or image of the whole card or storage, so that nothing is left out",
  "un archivo o imagen de toda la tarjeta o memoria, para que nada quede fuera")
T("the software that you approved, with its versions, in the policy (approved_software)",
  "los programas que usted aprobó, con sus versiones, en la política (approved_software)")
T("the permissions that the drone's apps need, in the policy (allowed_permissions)",
  "los permisos que necesitan las aplicaciones del dron, en la política (allowed_permissions)")
T("a radio capture of the drone's Wi-Fi, and the address of its radio in the policy (inventory, mac) unless its name "
  "tells the make: {0} heard, none of them known to be the drone's",
  "una captura de radio de la red Wi-Fi del dron, y la dirección de su radio en la política (inventory, mac) salvo "
  "que su nombre diga la marca: se oyeron {0}, y de ninguna consta que sea la del dron")
T("{0} whose code can be read", "{0} cuyo código pueda leerse")
T("whether you know of {0} of the maker that data was addressed to, in the policy (allowed_destinations, or the "
  "owner's name in known_third_parties)",
  "si usted conoce {0} del fabricante a los que se dirigieron datos, en la política (allowed_destinations, o el "
  "nombre del dueño en known_third_parties)")
T("who approved {0} of version between the logs, in the policy (approved_software)",
  "quién aprobó {0} de versión entre los registros, en la política (approved_software)")
T("a capture of the activation of the aircraft", "una captura de la activación de la aeronave")
T("the hashes of installers that are known to be good, in the policy (approved_software, sha256)",
  "los resúmenes (hash) de los instaladores que constan como buenos, en la política (approved_software, sha256)")
T("the maker's signing certificate for {0}, in the policy (approved_software, signer)",
  "el certificado de firma del fabricante para {0}, en la política (approved_software, signer)")
T("what the phone's tools say of its SIM card, apps and accounts (getprop, pm list packages, dumpsys account)",
  "lo que las herramientas del teléfono dicen de su tarjeta SIM, sus aplicaciones y sus cuentas (getprop, pm list "
  "packages, dumpsys account)")
T("which apps the phone is meant to have, in the policy (approved_software)",
  "qué aplicaciones debe tener el teléfono, en la política (approved_software)")
T("who vouches for a strong password and a second factor on the maker's account (an attestation in the policy)",
  "quién responde de una contraseña fuerte y un segundo factor en la cuenta del fabricante (una declaración en la "
  "política)")
T("the role of the device that fetched software, in the policy (inventory, mac and role)",
  "la función del aparato que descargó programas, en la política (inventory, mac y role)")
T("the positions of {0}, which are encrypted or missing", "las posiciones de {0}, que están cifradas o faltan")
T("a capture made during the flight", "una captura hecha durante el vuelo")
T("who read the user agreement (an attestation in the policy), and its text among the evidence",
  "quién leyó el contrato de uso (una declaración en la política), y su texto entre la evidencia")
T("who answers for a policy on third parties (an attestation in the policy), and its text among the evidence",
  "quién responde de unas normas sobre terceros (una declaración en la política), y su texto entre la evidencia")
T("who of your counsel looked at the agreement (an attestation in the policy), and its text among the evidence",
  "quién de su asesoría jurídica revisó el contrato (una declaración en la política), y su texto entre la evidencia")
T("who reported what was found (an attestation in the policy), and the report among the evidence",
  "quién comunicó lo que se halló (una declaración en la política), y el informe entre la evidencia")
T("who checked the privacy policy before buying (an attestation in the policy), and its text among the evidence",
  "quién revisó la política de privacidad antes de comprar (una declaración en la política), y su texto entre la "
  "evidencia")
T("an image of the storage of aircraft and controller as they were found (stored_evidence in the policy), or a "
  "record of the cards with an attestation",
  "una imagen de la memoria de la aeronave y del mando tal como se hallaron (stored_evidence en la política), o un "
  "registro de las tarjetas con una declaración")
T("the makers of {0} of the bill of materials", "los fabricantes de {0} de la lista de materiales")
T("a capture of drone software being fetched, the app package itself, or a phone's list of packages that names a "
  "known store",
  "una captura de la descarga de programas del dron, el propio paquete de la aplicación, o la lista de paquetes de "
  "un teléfono que nombre una tienda conocida")
T("what the phone prints of its management (dumpsys device_policy, pm list users)",
  "lo que el teléfono imprime de su administración (dumpsys device_policy, pm list users)")
T("the installer itself (app package or firmware file)",
  "el propio instalador (paquete de aplicación o fichero de firmware)")
T("what the antivirus program printed when it scanned the software",
  "lo que imprimió el programa antivirus al examinar los programas")
T("what the phone prints of the permissions of the drone's apps (dumpsys package)",
  "lo que el teléfono imprime de los permisos de las aplicaciones del dron (dumpsys package)")
T("the app package, or what the phone prints of the permissions of the drone's apps (dumpsys package)",
  "el paquete de la aplicación, o lo que el teléfono imprime de los permisos de las aplicaciones del dron (dumpsys "
  "package)")
T("what the computer or gateway prints of its firewall", "lo que el ordenador o la pasarela imprime de su cortafuegos")
T("which version of the software in use was tested when, in the policy (approved_software, tested)",
  "qué versión de los programas en uso se probó y cuándo, en la política (approved_software, tested)")
T("evidence of the versions in use, and the newest of each in the policy: {0} not listed ({1})",
  "evidencia de las versiones en uso, y la más nueva de cada una en la política: {0} sin listar ({1})")
T("the configuration of the access point, as it prints it", "la configuración del punto de acceso, tal como la imprime")
T("what the phone prints of its users and of the drone's app (pm list users, dumpsys package), of one phone at a time",
  "lo que el teléfono imprime de sus usuarios y de la aplicación del dron (pm list users, dumpsys package), de un "
  "solo teléfono cada vez")
T("a capture of the computer while it moves the drone's data",
  "una captura del ordenador mientras traslada los datos del dron")
T("what the computer prints of its firewall and of its antivirus program",
  "lo que el ordenador imprime de su cortafuegos y de su programa antivirus")
T("the return-to-home point of {0}, which the log does not have",
  "el punto de regreso al origen de {0}, que el registro no tiene")
T("beacons of the drone's network that tell how it is protected",
  "balizas de la red del dron que digan cómo está protegida")
T("beacons of the drone's network", "balizas de la red del dron")
T("encrypted logs, or what the phone says of its storage (getprop)",
  "registros cifrados, o lo que el teléfono dice de su almacenamiento (getprop)")
T("the flight log of the captured flight (or the aircraft's broadcasts), and captures of the controller's or phone's "
  "network that cover it: they cover {0} of {1} in the air, and the policy asks for {2}",
  "el registro de vuelo del vuelo capturado (o las emisiones de la aeronave), y capturas de la red del mando o del "
  "teléfono que lo abarquen: abarcan {0} de {1} en el aire, y la política pide {2}")
T("a flight log, photo or radio capture with the serial number of the aircraft",
  "un registro de vuelo, una foto o una captura de radio con el número de serie de la aeronave")
T("your list of equipment, in the policy (inventory) or as a document",
  "su lista de equipos, en la política (inventory) o como documento")
T("the software that you approved, in the policy (approved_software)",
  "los programas que usted aprobó, en la política (approved_software)")
T("the versions that you know to be vulnerable, in the policy (known_vulnerabilities)",
  "las versiones que usted sabe vulnerables, en la política (known_vulnerabilities)")
T("an app package, a firmware, a package list of the phone or a bill of materials, with versions",
  "un paquete de aplicación, un firmware, una lista de paquetes del teléfono o una lista de materiales, con versiones")
T("the version of {0} of software", "la versión de {0} de software")
T("an app package, a firmware, or a package list of the phone",
  "un paquete de aplicación, un firmware o una lista de paquetes del teléfono")
T("the app package of the control app, or the package list of the phone",
  "el paquete de la aplicación de control, o la lista de paquetes del teléfono")
T("the list of installed packages of each phone and controller (adb shell pm list packages)",
  "la lista de paquetes instalados de cada teléfono y mando (adb shell pm list packages)")
T("the bill of materials that the maker supplies (CycloneDX or SPDX)",
  "la lista de materiales que entrega el fabricante (CycloneDX o SPDX)")
T("the whole output of the firewall's tool, so that its default outward can be told",
  "la salida completa de la herramienta del cortafuegos, para saber qué hace por defecto hacia fuera")
T("when you audited before, in the policy (audits)", "cuándo hizo usted auditorías anteriores, en la política (audits)")
T("up to which day data was transferred, or that cards are empty, in the policy (storage)",
  "hasta qué día se transfirieron los datos, o que las tarjetas están vacías, en la política (storage)")
T("whether cards and phones are encrypted (storage in the policy, or adb shell getprop of the phone)",
  "si las tarjetas y los teléfonos están cifrados (storage en la política, o adb shell getprop del teléfono)")
T("what protocol {0} were sent in", "con qué protocolo se enviaron {0}")
T("a capture with the controller's own encrypted traffic in it",
  "una captura que contenga el tráfico cifrado del propio mando")
T("the maker's country of {0}", "el país del fabricante de {0}")
T("a hardware bill of materials that lists the flight controller, the radio and the camera",
  "una lista de materiales del hardware que incluya el controlador de vuelo, la radio y la cámara")
T("a bill of materials whose parts are of the FCC's classes (flight controller, radio, camera ...)",
  "una lista de materiales cuyas piezas sean de las clases de la FCC (controlador de vuelo, radio, cámara...)")
T("the country of {0}", "el país de {0}")
T("who made {0} (its signer names no country)", "quién hizo {0} (su firmante no nombra ningún país)")
T("who owns the name of {0}, and from which country", "de quién es el nombre de {0}, y desde qué país")
T("an address database that knows who holds the network of {0}",
  "una base de datos de direcciones que sepa de quién es la red de {0}")
T("the place of {0} (a location database, --geoip)", "el lugar de {0} (una base de datos de lugares, --geoip)")
T("a capture in which the app uses all that its code names: {0} in it of owners in CN were not seen in traffic",
  "una captura en la que la aplicación use todo lo que su código nombra: {0} de él, de dueños en CN, no se vieron en "
  "el tráfico")
T("{0} aircraft of the evidence in your inventory", "{0} aeronaves de la evidencia en su inventario")
T("the maker or country of {0} of the inventory", "el fabricante o el país de {0} del inventario")
T("when {0} of the inventory was acquired", "cuándo se adquirieron {0} del inventario")
T("whether federal money paid for the aircraft of {0} (funding in the inventory)",
  "si se pagó con dinero federal la aeronave de {0} (funding en el inventario)")
T("since when the FCC authorises the model of {0} aircraft (authorised in the inventory)",
  "desde cuándo autoriza la FCC el modelo de {0} aeronaves (authorised en el inventario)")
T("your sensitive areas, in the policy (sensitive_areas)", "sus zonas sensibles, en la política (sensitive_areas)")
T("the path of each flight (logs whose records are not encrypted)",
  "la ruta de cada vuelo (registros cuyos asientos no estén cifrados)")
T("the SHA-256 of the release that you tested, and when, in the policy (approved_software)",
  "el SHA-256 de la versión que usted probó, y cuándo, en la política (approved_software)")
T("which version you tested, and when, in the policy (approved_software)",
  "qué versión probó usted, y cuándo, en la política (approved_software)")
T("flight logs that state the app's version", "registros de vuelo que indiquen la versión de la aplicación")
T("a radio capture in which the aircraft's own network was heard",
  "una captura de radio en la que se oyera la red de la propia aeronave")
T("photos whose EXIF data say where the aircraft stored them",
  "fotos cuyos datos EXIF digan dónde las guardó la aeronave")
T("who vouches for the maker's corporate cyber hygiene (attestations in the policy)",
  "quién responde de la higiene informática de la empresa fabricante (attestations en la política)")
T("whether the map switch was on (--label \"local data mode, maps on\")",
  "si el interruptor de los mapas estaba activado (--label \"local data mode, maps on\")")
T("a capture of the moment at which the mode is switched on (--phase \"switch=FROM..TO\")",
  "una captura del momento en que se activa el modo (--phase \"switch=FROM..TO\")")
T("what these still need: {0}", "lo que estas aún necesitan: {0}")
T("who vouches for the log-in of each account (attestations in the policy, and the record itself as evidence)",
  "quién responde del inicio de sesión de cada cuenta (attestations en la política, y el propio registro como "
  "evidencia)")
T("the certificate of the product (Blue UAS or Green UAS) as evidence, and its SHA-256 with the attestation",
  "el certificado del producto (Blue UAS o Green UAS) como evidencia, y su SHA-256 con la declaración")
T("who vouches for the training (attestations in the policy, and the record itself as evidence)",
  "quién responde de la formación (attestations en la política, y el propio registro como evidencia)")
T("the custody record of the storage media as evidence, and its SHA-256 with the attestation",
  "el registro de custodia de los soportes de datos como evidencia, y su SHA-256 con la declaración")
T("the custody record of batteries, media and equipment as evidence, and its SHA-256 with the attestation",
  "el registro de custodia de baterías, soportes y equipos como evidencia, y su SHA-256 con la declaración")
T("evidence that leash can read", "evidencia que leash pueda leer")
T("which aircraft flew {0}", "qué aeronave hizo {0}")
T("the control app's package, signed and readable", "el paquete de la aplicación de control, firmado y legible")

#include "report/told_rules_operator.h"
#include "report/told_rules_2019.h"
#include "report/told_rules_2024.h"
#include "report/told_rules_requirements.h"
