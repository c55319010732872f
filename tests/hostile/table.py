# ruff: noqa: E501
"""Every hostile thing that this app should bear, one row for each: what it is called, and what holds it to that.

A row is done by a function that is run under its name, or held by a test that stands beside what it tests (``held``,
with the one of its cases that is meant), or it is not met by anything in this app yet (``later``, and why).
"""

from tests import test_house as test_tree
from tests.engine import test_frames, test_quarantine, test_spec
from tests.engine.data import test_table
from tests.engine.data.images import test_picture
from tests.engine.jobs import test_jobs
from tests.engine.labs import test_generation_answers, test_script, test_transformers_answers
from tests.engine.runs import (
    test_asking,
    test_by_hand,
    test_faults,
    test_limits,
    test_live,
    test_observer,
    test_pool,
    test_restart,
    test_resuming,
    test_shelf,
    test_store,
    test_watching,
)
from tests.engine.words import test_commands, test_downloading, test_library, test_library_uploads
from tests.engine.words.indexes import test_cells, test_keeping
from tests.hostile import files, links, vectors_disguised, vectors_table, web
from tests.hostile.corpora_table import OF_CORPORA
from tests.hostile.images_table import OF_IMAGES
from tests.hostile.language_table import OF_LANGUAGE
from tests.hostile.models_table import OF_MODELS
from tests.hostile.row import Row, held
from tests.hostile.sequences_table import OF_SEQUENCES
from tests.hostile.translation_table import OF_TRANSLATION
from tests.pages import (
    test_bringback,
    test_class_view,
    test_door,
    test_follow_asked,
    test_guard,
    test_headers,
    test_house,
    test_index,
    test_kernel_explorer,
    test_language_explorer,
    test_links,
    test_live_control,
    test_live_entry,
    test_live_nonsense,
    test_live_waiting,
    test_map_routes,
    test_notes,
    test_playground,
    test_playground_links,
    test_portions,
    test_rights,
    test_routes,
    test_text,
    test_text_explorer,
    test_upload_route,
    test_uploads,
    test_web_process,
    test_word_filters,
    test_words,
    test_words_opening,
)
from tests.pages.live_panel import test_reading, test_tables, test_taking, test_telling, test_time
from tests.pages.pointmap import test_component

WEB, LINKS, WORKERS, FILES = "The web", "Links and store", "Workers and machines", "Corpora and tables"


PLACES = (
    *("run names", "class names", "labels", "file names", "CSV column names and cells", "errors", "links"),
    *("axis titles", "hover", "CSV exports", "class table", "explanation box", "steps of a sequence"),
)
WORDS_PLACES = {
    **dict.fromkeys(("words in lists", "words in questions", "words that are not there", "words in analogies"), 12),
    "answers to analogies": 12,
    **dict.fromkeys(("words in figures", "words on a map", "words' tables", "words' links", "words compared"), 12),
    # Labels of a map stand where there is room; a name of a file has no slash; an error has words in quotes.
    **{"words' clusters": 8, "words' pictures": 5, "words' file names": 7, "words' catalogue names": 2},
}
bad_link = test_playground_links.test_a_bad_link_falls_back_with_one_notice
foreign = test_live_entry.test_a_page_of_another_site_is_not_let_in
no_table = test_table.test_what_cannot_be_learnt_from_is_refused_in_one_sentence
bad_file = test_bringback.test_a_file_that_is_no_run_is_refused_in_a_sentence
NOT_TEXT = "t.csv, line 1: expected text in UTF-8, received a NUL byte."
ONE_COLUMN = "t.csv has 1 columns: expected 2 to 200, the target among them."

OF_THE_WEB = (
    *(Row(WEB, f"twelve payloads through {place}", run=web.place(place)) for place in PLACES),
    *held(WEB, "twelve payloads through steps of a sequence", test_reading.test_markup_in_a_text_is_text,
          test_language_explorer.test_symbols_are_coloured_by_their_cost_and_markup_is_text),
    *held(WEB, "twelve payloads through notes' try blocks", test_notes.test_a_step_that_cannot_be_read_is_told,
          test_notes.test_a_step_whose_settings_are_wrong_does_not_pass),
    *held(WEB, "twelve payloads through the script of a run",
          test_script.test_a_name_in_a_table_cannot_become_code),
    *held(WEB, "twelve payloads through CSV exports", test_taking.test_text_in_a_table_cannot_become_a_formula),
    *held(WEB, "twelve payloads through sentences that are cut",
          test_text_explorer.test_what_is_written_is_shown_letter_by_letter),
    *held(WEB, "twelve payloads through class table", test_class_view.test_hostile_settings_are_shown_as_text),
    *(Row(WEB, "twelve payloads through words", name, run=web.words_place(name, least))
      for name, least in WORDS_PLACES.items()),
    *held(WEB, "twelve payloads through words", test_cells.test_the_figure_shows_what_was_found_and_what_was_missed),
    Row(WEB, "a markdown image pointing elsewhere", run=web.no_request_leaves),
    *held(WEB, "a markdown image pointing elsewhere", test_text.test_markdown_has_no_effect),
    Row(WEB, "__proto__ keys into components", run=web.prototype_stays),
    *held(WEB, "__proto__ keys into components", (bad_link, "{'__proto__': '1'}"),
          (test_live_nonsense.test_nonsense_is_refused_in_a_sentence_and_the_stream_goes_on,
           '{"__proto__": {"command": "resume"}}')),
    *held(WEB, "textContent only", test_tree.test_what_the_browser_runs_makes_no_markup_of_data_and_asks_nobody_else,
          test_telling.test_words_from_a_run_never_become_elements, test_tables.test_names_in_a_table_are_text),
    *held(WEB, "WebSocket with a foreign, null or missing Origin", (foreign, "http://evil.example"), (foreign, "null"),
          (foreign, "None")),
    *held(WEB, "POST with a foreign, null or missing Origin", (test_guard.test_a_foreign_origin_may_change_nothing,
          "http://evil.example"), (test_guard.test_a_foreign_origin_may_change_nothing, "null"),
          test_guard.test_a_missing_origin_may_change_nothing, test_headers.test_an_upload_from_another_site_is_refused),
    *held(WEB, "foreign Host", test_guard.test_a_foreign_or_doubled_host_gets_nothing,
          test_headers.test_a_foreign_host_gets_nothing, test_live_entry.test_a_foreign_host_is_not_let_in),
    Row(WEB, "guessed run ids", run=web.guessed_run_ids),
    *held(WEB, "guessed run ids", test_live_entry.test_without_a_right_to_this_run_nobody_is_let_in),
    *held(WEB, "another person's control token", test_rights.test_another_persons_token_is_of_no_use,
          test_live_entry.test_another_persons_token_is_of_no_use, test_live_control.test_a_mere_watcher_cannot_control),
    Row(WEB, "upload over the limit", run=web.too_large_an_upload),
    Row(WEB, "lying length", run=web.a_length_that_lies),
    Row(WEB, "sixty uploads in a session", run=web.sixty_uploads),
    Row(WEB, "sixty uploads in a session", "all at once", run=web.uploads_at_once_count_before_they_have_come),
    Row(WEB, "sixty uploads in a session", "into another's", run=web.another_sessions_upload),
    *held(WEB, "sixty uploads in a session", test_uploads.test_a_person_has_a_quota_of_files,
          test_uploads.test_a_person_has_a_quota_of_bytes),
    *held(WEB, "../../x as a name", (test_uploads.test_a_name_is_never_a_path, "../../../etc/passwd"),
          (test_uploads.test_a_person_is_never_a_path, "../x"), test_headers.test_nothing_but_the_table_is_served,
          (bad_link, "{'upload': '../../etc/passwd'}")),
    Row(WEB, "Range with 1,000 parts", run=web.a_range_of_a_thousand_parts),
    *held(WEB, "50,000 rerun messages a second from one client",
          test_web_process.test_one_visitor_in_a_hurry_does_not_stop_the_others,
          test_guard.test_messages_wait_after_a_burst),
    Row(WEB, "a watcher that never reads", run=web.a_watcher_that_never_reads),
    *held(WEB, "a watcher that never reads", test_watching.test_a_watcher_that_never_reads_costs_no_memory),
    *held(WEB, "answers that nobody reads", test_portions.test_a_crowd_that_reads_nothing_costs_no_memory,
          test_map_routes.test_so_much_is_answered_to_a_person_at_a_time_and_what_nobody_takes_is_not_read),
    *held(WEB, "uploads that hardly come", test_upload_route.test_who_sends_nothing_is_not_waited_for,
          test_upload_route.test_nobody_is_kept_out_by_those_who_send_slowly,
          test_upload_route.test_a_person_sends_one_file_at_a_time,
          test_upload_route.test_what_says_it_is_too_large_is_refused_before_it_comes),
    *held(WEB, "three thousand uploads", test_library_uploads.test_the_uploads_of_others_are_read_once,
          test_library_uploads.test_what_a_killed_server_has_left_of_an_upload_is_gone_with_the_next),
    *held(WEB, "questions that take a minute",
          test_words.test_of_many_words_that_are_not_there_few_are_looked_up,
          test_word_filters.test_not_all_words_are_told_for_a_filter_that_hardly_any_passes),
    *held(WEB, "connections without a request", *((test_door.test_a_crowd_that_asks_for_nothing_keeps_nobody_out, said)
          for said in ("b''", str(test_door.BEGUN))), test_door.test_who_says_nothing_is_seen_off),
    *held(WEB, "questions that are not answered",
          test_live_waiting.test_those_who_wait_for_explanations_hold_up_nobody_else),
    *held(WEB, "every route listed with its guard", test_routes.test_every_route_is_known_with_its_guard,
          test_routes.test_the_guards_stand_before_everything),
)  # fmt: skip

OF_LINKS = (
    *held(LINKS, "nan", (bad_link, "{'learning_rate': 'nan'}")),
    *held(LINKS, "inf", (bad_link, "{'learning_rate': 'inf', 'noise': '-inf'}")),
    *held(LINKS, "unknown keys", (bad_link, "{'unknown': '1'}"), test_links.test_a_bad_view_is_named_and_the_rest_is_used),
    *held(LINKS, "a key twice", test_playground_links.test_a_name_that_is_given_twice_in_a_link_is_told),
    *held(LINKS, "unknown keys", (test_follow_asked.test_a_place_that_this_net_has_not_is_no_place, "features.c9"),
          (test_follow_asked.test_a_place_that_this_net_has_not_is_no_place, "<img src=x onerror=alert(1)>")),
    *held(LINKS, "10 KB values", (bad_link, f"{{'dataset': '{'x' * 10_240}'}}"),
          (test_playground_links.test_a_link_to_a_run_that_is_gone_says_so, "x" * 10_000)),
    *held(LINKS, "wrong enum", (bad_link, "{'dataset': 'elsewhere'}")),
    *held(LINKS, "a look 10^400 away", (test_component.test_a_link_that_is_no_look_is_the_look_that_a_map_begins_with,
          f'{{"view":[{"9" * 400},0,0,1,0,0]}}')),
    *held(LINKS, "nonsense for the index page", test_index.test_a_link_with_nonsense_opens_with_one_notice,
          test_index.test_what_is_too_far_off_or_fits_nowhere_is_told),
    *held(LINKS, "measurements that are damaged", test_keeping.test_a_damaged_one_is_none),
    *held(LINKS, "two tabs that open two files", test_words_opening.test_an_opening_that_another_tab_has_ended_is_not_begun_again),
    *held(LINKS, "seed 10^400", (bad_link, f"{{'seed': '1{'0' * 400}'}}"),
          test_spec.test_a_link_never_fails_and_tells_what_it_ignored),
    Row(LINKS, "a link to a deleted run", run=links.a_deleted_run),
    Row(LINKS, "a link to another version's spec", run=links.the_spec_of_another_version),
    Row(LINKS, "SQL in names", run=links.sql_in_names),
    *held(LINKS, "SQL in names", (test_playground_links.test_a_link_to_a_run_that_is_gone_says_so, "'; drop table runs; --")),
    Row(LINKS, "SQL in sort columns", run=links.sql_in_sort_columns),
    Row(LINKS, "two sessions edit one run", run=links.two_sessions_edit_one_run),
    *held(LINKS, "two sessions edit one run", test_playground.test_what_a_watcher_changes_leaves_the_run_alone,
          test_shelf.test_a_run_of_somebody_else_is_left_alone),
    Row(LINKS, "double click starts one run", run=links.a_double_click),
    *held(LINKS, "double click starts one run", test_resuming.test_two_who_have_a_run_go_on_at_once_get_one_worker),
    Row(LINKS, "database locked", run=links.database(links.lock, "is busy, or locked")),
    *held(LINKS, "database locked", test_store.test_a_locked_database_is_told_and_can_still_be_read,
          test_house.test_a_locked_store_is_told_and_used_as_soon_as_it_can_be),
    Row(LINKS, "database deleted", run=links.database(links.delete, "was deleted or moved away")),
    Row(LINKS, "database corrupt", run=links.database(links.corrupt, "is damaged")),
    *held(LINKS, "database corrupt", test_store.test_a_damaged_file_is_told,
          test_house.test_a_server_whose_store_is_damaged_starts_says_so_once_and_comes_back),
    Row(LINKS, "database read-only", run=links.a_database_that_is_read_only),
    *held(LINKS, "disk full at a frame", (test_store.test_a_full_disk_is_told_and_nothing_is_half_written, "frames")),
    *held(LINKS, "disk full at a checkpoint",
          (test_store.test_a_full_disk_is_told_and_nothing_is_half_written, "checkpoints")),
    Row(LINKS, "disk full at an upload", run=links.a_disk_full_at_an_upload),
    *held(LINKS, "disk full at an upload", test_library_uploads.test_what_would_fill_the_disk_is_refused,
          test_downloading.test_nothing_is_downloaded_that_would_fill_the_disk),
    *held(LINKS, "schema newer than the app", test_store.test_a_database_of_another_version_is_left_alone),
)  # fmt: skip

OF_WORKERS = (
    *held(WORKERS, "kill -9 in a step", test_faults.test_a_killed_worker_is_shown_as_crashed_and_its_neighbour_goes_on,
          test_faults.test_a_worker_killed_from_outside_is_told_without_being_asked_for,
          test_faults.test_a_run_whose_observer_is_killed_has_crashed,
          test_faults.test_of_many_runs_that_were_killed_no_process_and_no_descriptor_stays,
          test_resuming.test_a_run_that_crashed_goes_on_from_the_last_step_that_was_seen),
    *held(WORKERS, "kill -9 in a checkpoint", test_faults.test_a_worker_killed_as_it_keeps_a_checkpoint_leaves_whole_ones),
    *held(WORKERS, "a hung worker", test_faults.test_a_run_with_a_process_that_stands_still_can_be_stopped,
          test_faults.test_a_run_whose_observer_hangs_in_a_look_can_be_stopped,
          test_limits.test_commands_to_a_worker_that_does_not_read_are_refused_in_the_end),
    *held(WORKERS, "out of memory", (test_faults.test_an_error_in_a_step_fails_the_run_in_words, "memory")),
    *held(WORKERS, "loss becomes NaN",
          test_faults.test_a_loss_that_is_no_number_pauses_there_and_keeps_the_last_good_weights),
    *held(WORKERS, "a step that never ends", test_faults.test_a_step_that_never_ends_can_be_stopped),
    *held(WORKERS, "changes without end", test_by_hand.test_a_run_takes_no_more_changes_than_its_file_may_have,
          (bad_file, "changes without end")),
    *held(WORKERS, "a flood of questions to a net",
          (test_observer.test_those_who_ask_all_the_time_keep_nobody_from_seeing_the_net_and_all_are_answered, "False"),
          test_asking.test_large_questions_keep_no_command_from_the_worker,
          (test_asking.test_a_class_that_asks_about_one_step_at_once_has_its_weights_found_once, "False")),
    *held(WORKERS, "questions that are none", (test_asking.test_values_that_are_not_in_base64_are_refused, "é"),
          *((test_generation_answers.test_what_cannot_be_asked_is_refused_in_a_sentence, one)
            for one in ("too far", "no number", "no text", "too long", "out of bounds", "no strategy")),
          test_generation_answers.test_line_ends_are_typed_as_signs_and_nothing_typed_is_refused,
          *((test_transformers_answers.test_what_is_no_sequence_is_refused_in_a_sentence, one)
            for one in ("nothing", "unknown", "NUL", "turning", "too large", "too long", "markup"))),
    *held(WORKERS, "a process that answers about the past hangs",
          test_asking.test_a_process_that_hangs_over_what_is_past_is_replaced,
          test_asking.test_a_process_that_reads_no_weights_is_replaced),
    *held(WORKERS, "a flood of frames", test_live.test_a_flood_is_let_through_at_its_pace),
    *held(WORKERS, "a garbage frame", (test_faults.test_a_worker_that_sends_garbage_is_ended, "garbage"),
          (test_faults.test_a_worker_that_sends_garbage_is_ended, "huge"),
          test_frames.test_garbage_behind_the_mark_is_a_frame_error),
    *held(WORKERS, "the server killed", test_restart.test_after_a_kill_of_the_server_workers_record_and_end),
    *held(WORKERS, "forty who ask and leave", test_jobs.test_what_waits_and_nobody_looks_at_any_more_is_given_up,
          test_jobs.test_who_is_refused_keeps_what_they_have),
    *held(WORKERS, "two who download for an hour", test_words_opening.test_who_opens_a_file_does_not_wait_for_those_who_download),
    *held(WORKERS, "a file that is another once its turn comes",
          *((test_library.test_what_takes_the_place_of_a_file_while_it_waits_for_its_turn_is_not_read, put)
            for put in ("a link", "a folder", "a pipe")),
          test_library.test_a_file_whose_name_no_link_can_hold_is_left_out,
          test_commands.test_nothing_in_a_file_gives_orders_to_a_terminal),
    *held(WORKERS, "SIGTERM drains", test_restart.test_a_closed_server_finds_its_runs_again,
          test_pool.test_sigterm_lets_a_worker_record_what_it_has),
    *held(WORKERS, "socket lost for a minute", test_time.test_a_lost_server_leaves_the_picture_and_comes_back),
    *held(WORKERS, "30 runs started in 5 s", test_limits.test_thirty_runs_that_thirty_people_start_at_once_all_end_well),
    *held(WORKERS, "one person starts 50", test_limits.test_who_starts_fifty_runs_is_told_how_many_there_may_be),
    Row(WORKERS, "no network at all", run=web.no_network),
    *held(WORKERS, "no network at all", test_downloading.test_without_a_connection_it_is_said_so),
    *held(WORKERS, "a download cut", test_downloading.test_what_was_cut_off_goes_on_where_it_was,
          test_downloading.test_a_full_disk_is_told, test_downloading.test_what_is_larger_than_told_is_not_kept),
    *held(WORKERS, "a download with a wrong hash", test_downloading.test_what_has_another_sum_is_not_kept),
    *held(WORKERS, "a download redirected to a file: or link-local address",
          *((test_downloading.test_nobody_is_sent_on_to_what_is_not_public, address) for address in (
              "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/", "https://[fe80::1]/small.gz",
              "https://10.0.0.1/small.gz", "https://localhost/small.gz")),
          test_downloading.test_one_is_sent_on_within_the_place_of_the_catalogue_but_not_for_ever),
)  # fmt: skip

no_picture = test_picture.test_what_cannot_be_shown_is_told_in_one_sentence
OF_FILES = (
    *held(FILES, "pictures of one's own", *((no_picture, case) for case in ("text", "pdf", "zip", "tiff", "narrow")),
          test_kernel_explorer.test_what_is_no_picture_is_not_shown_though_it_is_on_this_server,
          test_kernel_explorer.test_a_picture_of_ones_own_is_kept_small_and_opened_by_its_link,
          (test_kernel_explorer.test_a_picture_that_is_not_here_is_told, "../../etc/passwd")),
    Row(FILES, "limits on memory, CPU time and file size", "memory", held=test_quarantine.test_a_reader_that_goes_wrong_is_told_and_the_next_file_is_read, case="hoard"),
    *held(FILES, "limits on memory, CPU time and file size", test_quarantine.test_a_reader_without_end_is_ended,
          test_quarantine.test_a_reader_writes_nothing, test_quarantine.test_an_answer_is_numbers_and_text_alone),
    Row(FILES, "limits on memory, CPU time and file size", "no file is read in the server", run=files.nothing_is_read_here),
    Row(FILES, "no bytes", run=files.refused(b"", "t.csv is empty")),
    Row(FILES, "no bytes", "blanks alone", run=files.refused(b" \n\r\n\t\n", "t.csv is empty")),
    Row(FILES, "one token", run=files.refused(b"word", ONE_COLUMN)),
    Row(FILES, "one token", "one column", run=files.refused(b"a\n" + b"1\n" * 30, ONE_COLUMN)),
    Row(FILES, "50 MB in one line", run=files.refused(lambda _: files.ONE_LINE, "t.csv is too large: expected at most 5 MB")),
    Row(FILES, "50 MB in one line", "as much of it as may be sent",
        run=files.refused(files.SHORT_LINE, "t.csv, line 2: expected 2 cells as in the header, received 524289.")),
    Row(FILES, "50 MB in one line", "one cell", run=files.refused(
        b"a,b\n1," + b"9" * 2**20, "t.csv, line 2: ")),
    Row(FILES, "10^6 different tokens", run=files.refused(files.TOKENS, ONE_COLUMN)),
    Row(FILES, "punctuation only", run=files.refused(b",;.!?\n" * 50, "t.csv, line 1: column 1 has no name.")),
    Row(FILES, "mixed encodings", run=files.refused(
        files.with_row("größe,1,a".encode("latin-1")), "t.csv, line 5: expected text in UTF-8, received byte 0xf6")),
    Row(FILES, "mixed encodings", "half a character", run=files.refused(
        files.with_row(b"\xed\xa0\x80,1,a"), "t.csv, line 5: expected text in UTF-8, received byte 0xed")),
    *(Row(FILES, "mixed encodings", f"UTF-16 {mark.hex()}", run=files.refused(data, "t.csv is written in UTF-16"))
      for mark, data in files.UTF_16.items()),
    Row(FILES, "mixed encodings", "UTF-16 without a mark", run=files.refused(
        files.GOOD.decode().encode("utf-16-le"), NOT_TEXT)),
    Row(FILES, "mixed encodings", "a byte order mark", run=files.taken(files.WITH_MARK, columns=("length", "width"))),
    Row(FILES, "mixed encodings", "NUL bytes", run=files.refused(
        files.with_row(b"\0,1,a"), "t.csv, line 5: expected text in UTF-8, received a NUL byte.")),
    Row(FILES, "mixed encodings", "line ends of three kinds", run=files.taken(
        files.GOOD.replace(b"\n", b"\r\n", 9).replace(b"\n", b"\r", 3), columns=("length", "width"))),
    Row(FILES, "a PNG under another name", run=files.refused(
        b"\x89PNG\r\n\x1a\n\0\0", "t.csv is a picture (PNG): expected a table as text")),
    Row(FILES, "a PNG under another name", "of 50,000 x 50,000", run=files.refused(files.picture, "t.csv is a picture (PNG)")),
    Row(FILES, "a PNG under another name", "a cut JPEG", run=files.refused(b"\xff\xd8\xff\xe0\0\x10JFIF", "t.csv is a picture (JPEG)")),
    Row(FILES, "a PNG under another name", "an SVG with a script", run=files.refused(
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", ONE_COLUMN)),
    Row(FILES, "a pickle under any name", run=files.refused(files.pickled, "t.csv is a pickle: expected a table as text")),
    Row(FILES, "a pickle under any name", "as text", run=files.refused(files.protocol_0, ONE_COLUMN)),
    Row(FILES, "a pickle under any name", "in a torch file", run=files.refused(files.torch_file, "t.csv is a zip archive")),
    Row(FILES, "a pickle under any name", "in an array of objects", run=files.refused(files.object_array, "t.csv is an array of NumPy")),
    Row(FILES, "a pickle under any name", "an array of 400 GB", run=files.refused(files.large_array, "t.csv is an array of NumPy")),
    *held(FILES, "a pickle under any name", (bad_file, "a pickle"), (bad_file, "a pickle inside"),
          test_tree.test_no_pickle_no_eval_and_no_assert_outside_tests),
    Row(FILES, "compressed", "a table in gzip", run=files.refused(files.GZIPPED, "t.csv is compressed (gzip)")),
    Row(FILES, "compressed", "a bomb", run=files.refused(files.bomb, "t.csv is compressed (gzip)")),
    Row(FILES, "compressed", "a zip with ../", run=files.refused(files.zipped, "t.csv is a zip archive")),
    Row(FILES, "CSV with ragged rows", run=files.refused(
        files.with_row(b"1,2"), "t.csv, line 5: expected 3 cells as in the header, received 2.")),
    Row(FILES, "CSV with ragged rows", "too many", run=files.refused(
        files.with_row(b"1,2,a,4"), "t.csv, line 5: expected 3 cells as in the header, received 4.")),
    Row(FILES, "CSV with open quotes", run=files.refused(
        files.with_row(b'1,"2,a'), "t.csv, line 5: a quote opens here and is never closed.")),
    Row(FILES, "CSV with open quotes", "200,001 of them", run=files.refused(
        b"a,b\n" + b'"\n' * 200_001, "t.csv, line 200002: a quote opens here and is never closed.")),
    Row(FILES, "CSV with 10,000 columns", run=files.refused(files.MANY_COLUMNS, "t.csv has 10000 columns: expected 2 to 200")),
    Row(FILES, "CSV with formulas", "among numbers", run=files.refused(
        files.with_row(b"=1+1,1,a"), "t.csv, line 5, column 'length': expected a number, received '=1+1'.")),
    Row(FILES, "CSV with formulas", "as classes", run=files.taken(
        files.GOOD.replace(b",a\n", b",=1+1\n").replace(b",b\n", b",@x\n"), classes=("=1+1", "@x"))),
    Row(FILES, "CSV with formulas", "as columns", run=files.taken(
        b"=1+1,@SUM(A1),kind\n" + files.ROWS, columns=("=1+1", "@SUM(A1)"))),
    *held(FILES, "CSV with formulas", test_taking.test_text_in_a_table_cannot_become_a_formula),
    Row(FILES, "CSV with headers twice", run=files.refused(
        files.GOOD.replace(b"width", b"length"), "t.csv, line 1: expected each column once, received 'length' twice.")),
    Row(FILES, "CSV with a header alone", run=files.refused(
        b"a,b,c\n", "t.csv has too few rows: expected at least 10 below the header, received 0.")),
    *(Row(FILES, "numbers that are none", number, run=files.refused(
        files.with_row(f"{number},1,a".encode()), "t.csv, line 5, column 'length': expected a number between "))
      for number in ("1e400", "-inf", "Infinity", "1e31")),
    *(Row(FILES, "numbers that are none", number, run=files.refused(
        files.with_row(f"{number},1,a".encode()), "t.csv, line 5, column 'length': "))
      for number in ("nan", "NULL", '"1,5"', "0x10", "1_000", "--1", "1e")),
    Row(FILES, "a right-to-left override", "among numbers", run=files.refused(
        files.with_row(f"{files.OVERRIDE},1,a".encode()),
        "t.csv, line 5, column 'length': expected a number, received '\\u202egnp.exe'.")),
    Row(FILES, "a right-to-left override", "in a file's name", run=files.refused(
        b"a,b\n", "agnp.exe.csv has too few rows", name=f"a{files.OVERRIDE}.csv")),
    Row(FILES, "decimal commas", run=files.taken(
        files.GOOD.replace(b",", b";").replace(b".5", b",5"), columns=("length", "width"))),
    *held(FILES, "tables of random bytes", test_table.test_random_bytes_never_raise_anything_else),
    *held(FILES, "JSON 100,000 deep", (bad_file, "very deep")),
    Row(FILES, "JSON 100,000 deep", "as a table", run=files.refused(
        b"[" * 100_000, "t.csv, line 1: expected at most 1000 characters a cell, received 100000.")),
    *held(FILES, "a 50,000 x 50,000 PNG read as a picture", (no_picture, "bomb"), (no_picture, "large")),
    *held(FILES, "a cut JPEG read as a picture", (no_picture, "cut-jpeg"), (no_picture, "cut")),
    *held(FILES, "SVG with script read as a picture", (no_picture, "svg")),
    Row(FILES, "a token pattern like (a+)+$", later="no setting is a pattern yet"),
)  # fmt: skip

OF_VECTORS = (
    *vectors_table.OF_TEXT,
    *vectors_table.OF_BINARY,
    *vectors_disguised.OF_DISGUISED,
    *vectors_disguised.OF_COMPRESSED,
)

TABLE = (
    *OF_THE_WEB,
    *OF_LINKS,
    *OF_WORKERS,
    *OF_FILES,
    *OF_VECTORS,
    *OF_CORPORA,
    *OF_IMAGES,
    *OF_SEQUENCES,
    *OF_LANGUAGE,
    *OF_MODELS,
    *OF_TRANSLATION,
)
